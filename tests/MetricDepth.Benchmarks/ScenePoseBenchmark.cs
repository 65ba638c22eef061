using System.Diagnostics;
using System.Globalization;
using MetricDepth.Motion;
using MetricDepth.Scenes.Poses;

namespace MetricDepth.Benchmarks;

/// <summary>How near solved camera paths come to the truth of ray-cast scenes, for every solver of <see cref="PoseBenchmark"/> and every supply of depth it takes.</summary>
internal static class ScenePoseBenchmark
{
    private static readonly (string Name, Func<FilmedScene> Film)[] Scenes =
    [
        ("loop", () => FilmedScene.Loop), ("spin", () => FilmedScene.Spin), ("sway", () => FilmedScene.SwayingSpin),
        ("street", () => FilmedScene.Walk), ("crowd", () => FilmedScene.Crowd),
    ];

    private static readonly (DepthTrust Trust, DepthSupply Supply)[] Supplies =
    [
        (DepthTrust.Measured, DepthSupply.Exact), (DepthTrust.Measured, DepthSupply.WithHoles),
        (DepthTrust.Estimated, DepthSupply.Wavering), (DepthTrust.None, DepthSupply.None),
    ];

    public static int Run(string[] names)
    {
        foreach (var (name, create) in Scenes.Where(s => names.Length == 0 || names.Contains(s.Name)))
        {
            var clock = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var film = create();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {film.Truth.Count} frames filmed in {clock.Elapsed.TotalSeconds:0} s ({(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0} s of processor time)"));
            foreach (var (solver, trust, make) in PoseBenchmark.Solvers)
                foreach (var (_, supply) in Supplies.Where(s => s.Trust == trust))
                    Console.WriteLine($"  {solver,-32} {supply,-9} {Result(make(), film, SceneProblem.Of(film, supply))}");
        }
        return 0;
    }

    private static string Result(IPoseSolver solver, FilmedScene film, SceneProblem problem)
    {
        try
        {
            return PoseScore.Of(solver, film, problem, default, new Told()).ToString();
        }
        catch (MetricDepthException e)
        {
            return $"{e.ErrorId}: {e.Message}";
        }
    }

    private sealed class Told : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Message is { } message) Console.WriteLine($"    {message}");
        }
    }
}
