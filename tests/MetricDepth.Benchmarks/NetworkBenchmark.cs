using System.Diagnostics;
using System.Globalization;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Scenes.Checkpoints;

namespace MetricDepth.Benchmarks;

/// <summary>What the graphs of Video-Depth-Anything cost on the CPU, with random weights of full size: time and memory of each part.</summary>
/// <remarks>Each part runs in a process of its own, so that peak memory is its own. The variable GRAPH_TARGET (Any, Cpu) says which operators; Cpu without it.</remarks>
internal static class NetworkBenchmark
{
    private const int NewFrames = 22;

    /// <summary>Runs all parts.</summary>
    /// <param name="letter"><c>s</c>, <c>b</c> or <c>l</c>.</param>
    /// <param name="size">Of a picture, e.g. <c>504x280</c>.</param>
    public static int Run(string letter, string size)
    {
        string folder = Directory.CreateTempSubdirectory("metricdepth-network").FullName;
        string file = Path.Combine(folder, "random.pth");
        try
        {
            RandomCheckpoint.Write(file, Path.Combine(AppContext.BaseDirectory, "StateDicts", $"vit{letter}_state_dict.txt"), 1);
            foreach (string part in (string[])["encoder:1", "encoder:2", "encoder:4", "temporal", "decoder:1", "decoder:4", "whole:4", "whole:32"])
            {
                using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["network-part", file, size, part]))!;
                child.WaitForExit();
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
        return 0;
    }

    /// <summary>Runs one part.</summary>
    /// <param name="file">A checkpoint.</param>
    /// <param name="size">Of a picture.</param>
    /// <param name="part">Name and batch.</param>
    public static int Part(string file, string size, string part)
    {
        int[] sides = [.. size.Split('x').Select(side => int.Parse(side, NumberStyles.None, CultureInfo.InvariantCulture))];
        string[] words = part.Split(':');
        int batch = words.Length > 1 ? int.Parse(words[1], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var target = Enum.Parse<GraphTarget>(Environment.GetEnvironmentVariable("GRAPH_TARGET") ?? "Cpu");
        using var checkpoint = Checkpoint.Open(file);
        var clock = Stopwatch.StartNew();
        var network = VideoDepthAnythingNetwork.Read(checkpoint);
        var graph = words[0] switch
        {
            "encoder" => network.EncoderGraph(sides[0], sides[1], target: target),
            "temporal" => network.TemporalGraph(sides[0], sides[1], target: target),
            "decoder" => network.DecoderGraph(sides[0], sides[1], target: target),
            _ => network.WholeGraph(sides[0], sides[1], InferencePrecision.Float32, batch, target),
        };
        var made = graph.InMemory();
        if (words.Length > 2)
        {
            OperatorProfile.Print(made, [.. graph.Inputs.Select(input => new OnnxTensor(input.Name, Random(Sizes(input, batch)), Sizes(input, batch)))], words.Length > 3 ? words[3] : null);
            return 0;
        }
        double build = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var model = OnnxModel.Open(made, new() { Threads = Environment.ProcessorCount, Device = InferenceDevice.Cpu });
        double load = clock.Elapsed.TotalSeconds;
        using var binding = model.Bind();
        var random = new Random(1);
        foreach (var input in graph.Inputs) Fill(binding.Input(input.Name, Sizes(input, batch)).Values.Span, random);
        foreach (var output in graph.Outputs) binding.Output(output.Name, Sizes(output, batch));
        binding.Run(CancellationToken.None);
        int runs = words[0] is "whole" ? 1 : 5;
        var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        clock.Restart();
        for (int i = 0; i < runs; i++) binding.Run(CancellationToken.None);
        double wall = clock.Elapsed.TotalSeconds / runs;
        self.Refresh();
        double used = (self.TotalProcessorTime - cpu).TotalSeconds / runs;
        int frames = words[0] is "whole" or "temporal" ? NewFrames : batch;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{part,-12} build {build:0.00} s ({made.Model.Length / 1e6:0.0} MB), load {load:0.00} s, run {wall:0.000} s, cpu {used:0.000} s, cpu/frame {used / frames:0.000} s, peak {self.PeakWorkingSet64 / 1e6:0} MB"));
        return 0;
    }

    private static float[] Random(long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        Fill(values, new(1));
        return values;
    }

    private static void Fill(Span<float> values, Random random)
    {
        foreach (ref float value in values) value = (float)(random.NextDouble() * 2 - 1);
    }

    private static long[] Sizes(OnnxTensorInfo info, int batch) => [.. info.Shape.Select(size => size < 0 ? batch : size)];
}
