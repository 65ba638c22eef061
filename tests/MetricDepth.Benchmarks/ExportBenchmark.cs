using System.Diagnostics;
using System.Globalization;
using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.ModelExport;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Models;
using MetricDepth.Scenes.Checkpoints;

namespace MetricDepth.Benchmarks;

/// <summary>What it takes to turn a full-size checkpoint (random weights) into ONNX: time, size, and the most memory that the process held.</summary>
internal static class ExportBenchmark
{
    private const int Width = 504, Height = 280;

    /// <summary>Measures the networks of some listings of tensors.</summary>
    /// <param name="listings">Files like <c>vits_state_dict.txt</c>.</param>
    public static int Run(IReadOnlyList<string> listings)
    {
        string folder = Directory.CreateTempSubdirectory("metricdepth-export-").FullName;
        try
        {
            foreach (string listing in listings) Measure(listing, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Measure(string listing, string folder)
    {
        string checkpoint = Path.Combine(folder, "net.pth");
        RandomCheckpoint.Write(checkpoint, listing, seed: 1);
        Say($"{Path.GetFileName(listing)}: {new FileInfo(checkpoint).Length / 1e6:0} MB, for pictures of {Width}×{Height}");
        var model = DepthModelExport.Describe(checkpoint, new());
        Step("  graphs for a session here", () => InMemory(model));
        foreach (var precision in (InferencePrecision[])[InferencePrecision.Float32, InferencePrecision.Float16])
            Step($"  export as {precision}", () =>
            {
                var file = DepthModelExport.Run(new()
                {
                    Model = model with { Sha256 = "not computed" },
                    DestinationPath = Path.Combine(folder, "net.onnx"),
                    Overwrite = true,
                    Width = Width,
                    Height = Height,
                    Precision = precision,
                }, null, CancellationToken.None)[0];
                return $"{file.Length / 1e6:0} MB";
            });
        foreach (string file in Directory.GetFiles(folder)) File.Delete(file);
    }

    private static string InMemory(InstalledModel model)
    {
        using var checkpoint = Checkpoint.Open(model.Path);
        NetworkGraph[] graphs;
        if (model.Info.Family == ModelFamily.VideoDepthAnything)
        {
            var network = VideoDepthAnythingNetwork.Read(checkpoint);
            graphs = [network.EncoderGraph(Width, Height).InMemory(), network.TemporalGraph(Width, Height).InMemory(), network.DecoderGraph(Width, Height).InMemory()];
        }
        else graphs = [DepthAnythingNetwork.Read(checkpoint).Graph(Width, Height).InMemory()];
        return string.Create(CultureInfo.InvariantCulture, $"{graphs.Sum(graph => graph.Model.Length) / 1e3:0} KB");
    }

    // the second time is measured: the first one also compiles
    private static void Step(string name, Func<string> action)
    {
        action();
        GC.Collect();
        ForgetPeak();
        long before = Memory("VmRSS");
        var clock = Stopwatch.StartNew();
        string result = action();
        double seconds = clock.Elapsed.TotalSeconds;
        Say($"{name}: {seconds:0.00} s, {result}, peak memory {Memory("VmHWM") / 1e6:0} MB ({before / 1e6:0} MB before)");
    }

    // Linux: the peak starts anew from what is held now
    private static void ForgetPeak()
    {
        if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static long Memory(string field)
    {
        if (!OperatingSystem.IsLinux()) return Process.GetCurrentProcess().PeakWorkingSet64;
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture);
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
