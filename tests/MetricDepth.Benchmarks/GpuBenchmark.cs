using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Scenes.Checkpoints;

namespace MetricDepth.Benchmarks;

/// <summary>
/// Video-Depth-Anything on a GPU, with random weights of full size: milliseconds a frame in windows of 32 at 518×518, float16 and float32 (its
/// makers state 7.5 ms for S and 14 ms for L, float16 on an A100), and how far the depth is from the CPU's.
/// </summary>
internal static class GpuBenchmark
{
    private const int Side = 518, ComparedSide = 140, Batch = 16, Windows = 5;

    /// <summary>Runs it.</summary>
    /// <param name="device">A device's name, e.g. <c>Cuda</c>.</param>
    public static int Run(string device)
    {
        var options = new OnnxModelOptions { Device = Enum.Parse<InferenceDevice>(device, ignoreCase: true) };
        string folder = Directory.CreateTempSubdirectory("metricdepth-gpu-").FullName;
        try
        {
            foreach (string letter in (string[])["s", "l"])
            {
                string file = Path.Combine(folder, letter + ".pth");
                RandomCheckpoint.Write(file, Path.Combine(AppContext.BaseDirectory, "StateDicts", $"vit{letter}_state_dict.txt"), seed: 1);
                using var checkpoint = Checkpoint.Open(file);
                var weights = VideoDepthAnythingNetwork.Read(checkpoint);
                float[] reference = Depth(weights, ComparedSide, new() { Device = InferenceDevice.Cpu }, 0, out _);
                foreach (var precision in (InferencePrecision[])[InferencePrecision.Float32, InferencePrecision.Float16])
                {
                    float[] depth = Depth(weights, ComparedSide, options with { Precision = precision }, 0, out _);
                    float error = 0;
                    for (int i = 0; i < depth.Length; i++) error = MathF.Max(error, MathF.Abs(depth[i] - reference[i]));
                    Depth(weights, Side, options with { Precision = precision }, Windows, out double milliseconds);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{letter.ToUpperInvariant()} {precision}: {milliseconds:0.0} ms a frame; {ComparedSide}×{ComparedSide} differs from the CPU by {error:0.00000} at most, of {TensorPrimitives.Max<float>(reference):0.0}"));
                }
                File.Delete(file);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    /// <summary>The depth of one window, and what a frame takes when all 32 of a window are new.</summary>
    private static float[] Depth(VideoDepthAnythingNetwork weights, int side, OnnxModelOptions options, int windows, out double milliseconds)
    {
        using var network = new GraphWindowNetwork(weights, side, side, Batch, options);
        var pictures = new float[WindowRule.Length * 3 * side * side];
        var random = new Random(1);
        foreach (ref float value in pictures.AsSpan()) value = (float)(random.NextDouble() * 4 - 2);
        var depth = Window().ToArray();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < windows; i++) Window();
        milliseconds = watch.Elapsed.TotalMilliseconds / Math.Max(1, windows * WindowRule.Length);
        return depth;

        ReadOnlySpan<float> Window()
        {
            for (int slot = 0; slot < WindowRule.Length; slot += network.Batch)
                network.Encode(pictures.AsMemory(slot * 3 * side * side, network.Batch * 3 * side * side), slot, network.Batch, default);
            return network.Decode(WindowRule.Length, default).Span;
        }
    }
}
