using System.Diagnostics;
using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Scenes;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>What the field of view of clips is measured to be: of ray-cast ones, where it is known, and of any given.</summary>
internal static class FieldOfViewBenchmark
{
    private const int Frames = 100;

    private static readonly (Scene Scene, double[] Degrees)[] Truths =
    [
        (Scene.Room, [40, 60, 90]),
        (Scene.Turning, [40, 60, 90]),
        (Scene.Floor, [60]),
        (Scene.Poles, [60]),
        (Scene.Still, [60]),
    ];

    public static int Run(IReadOnlyList<string> clips)
    {
        foreach (string clip in clips) Measure(clip, Path.GetFileName(clip));
        if (clips.Count > 0) return 0;
        string folder = Directory.CreateTempSubdirectory("fov").FullName;
        foreach (var (scene, degrees) in Truths)
            foreach (double fov in degrees)
            {
                string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{scene.Name}{fov}.mkv"));
                Write(scene, Intrinsics.FromFieldOfView(640, 480, fov, null), path);
                Measure(path, string.Create(CultureInfo.InvariantCulture, $"{scene.Name}, truly {fov}°"));
            }
        Directory.Delete(folder, true);
        return 0;
    }

    private static void Write(Scene scene, Intrinsics camera, string path)
    {
        using var writer = FrameWriter.Open(path, new() { Width = camera.Width, Height = camera.Height, FrameRate = scene.FrameRate }, default);
        for (int f = 0; f < Frames; f++) writer.Write(scene.Render(f, camera).Color.Bytes);
        writer.Complete();
    }

    private static void Measure(string path, string name)
    {
        var clock = Stopwatch.StartNew();
        var result = FieldOfViewMeasurement.Run(new() { Clip = VideoProbe.Probe(path), Evidence = FieldOfViewEvidence.Motion }, new Notes(), default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {result} {result.Interval} {result.Evidence} {clock.Elapsed.TotalSeconds:0.0} s"));
    }

    private sealed class Notes : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Message is { } text) Console.WriteLine("    " + text);
        }
    }
}
