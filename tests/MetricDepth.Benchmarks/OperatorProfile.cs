using System.Globalization;
using System.Text.Json;
using MetricDepth.Inference;
using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Benchmarks;

/// <summary>Where the time of a graph goes, operator by operator, as ONNX Runtime's own profiler tells.</summary>
internal static class OperatorProfile
{
    private const int Lines = 14;

    public static void Print(NetworkGraph graph, IReadOnlyList<OnnxTensor> inputs, string? optimizedPath)
    {
        using var settings = new SessionOptions { EnableProfiling = true, ProfileOutputPathPrefix = Path.Combine(Path.GetTempPath(), "operators"), IntraOpNumThreads = 1 };
        if (optimizedPath is not null) settings.OptimizedModelFilePath = optimizedPath;
        if (graph.WeightsFolder is { } folder) settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
        using var session = new InferenceSession(graph.Model.ToArray(), settings);
        OrtValue[] values = [.. inputs.Select(input => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.Values, [.. input.Shape]))];
        const int runs = 3;
        for (int i = 0; i < runs; i++)
            session.Run(new RunOptions(), [.. inputs.Select(input => input.Name)], values, session.OutputNames).Dispose();
        string file = session.EndProfiling();
        using var events = JsonDocument.Parse(File.ReadAllBytes(file));
        File.Delete(file);
        var nodes = events.RootElement.EnumerateArray()
            .Where(e => e.GetProperty("cat").GetString() == "Node" && e.GetProperty("name").GetString()!.EndsWith("kernel_time", StringComparison.Ordinal))
            .Select(e => (Op: e.GetProperty("args").GetProperty("op_name").GetString()!, Shape: e.GetProperty("args").GetProperty("input_type_shape").GetRawText(),
                Milliseconds: e.GetProperty("dur").GetDouble() / 1000 / runs)).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all {nodes.Sum(node => node.Milliseconds):0.0} ms on one thread"));
        foreach (var op in nodes.GroupBy(node => node.Op).OrderByDescending(op => op.Sum(node => node.Milliseconds)).Take(Lines))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {op.Sum(node => node.Milliseconds),8:0.0} ms  {op.Count() / runs,4} x {op.Key}"));
        foreach (var op in nodes.GroupBy(node => (node.Op, node.Shape)).OrderByDescending(op => op.Sum(node => node.Milliseconds)).Take(2 * Lines))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {op.Sum(node => node.Milliseconds),8:0.0} ms  {op.Count() / runs,4} x {op.Key.Op} {op.Key.Shape}"));
    }
}
