using MetricDepth.Inference;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Tests.Inference.Graphs;

/// <summary>Runs graphs on the CPU, as the estimators do.</summary>
internal static class GraphRun
{
    /// <summary>Runs a graph whose weights stay in the checkpoint.</summary>
    public static Dictionary<string, float[]> Run(OnnxGraph graph, params (string Name, float[] Values)[] inputs)
    {
        using var model = OnnxModel.Open(graph.InMemory(), new() { Threads = 1, Device = InferenceDevice.Cpu });
        return Run(model, inputs);
    }

    /// <summary>Writes a graph with its weights into a file, then runs that.</summary>
    public static Dictionary<string, float[]> RunFile(OnnxGraph graph, string path, params (string Name, float[] Values)[] inputs)
    {
        Write(graph, path);
        return RunFile(path, inputs);
    }

    /// <summary>Runs a file.</summary>
    public static Dictionary<string, float[]> RunFile(string path, params (string Name, float[] Values)[] inputs)
    {
        using var model = OnnxModel.Open(path, new() { Threads = 1, Device = InferenceDevice.Cpu });
        return Run(model, inputs);
    }

    /// <summary>Writes a graph with its weights into a file.</summary>
    public static void Write(OnnxGraph graph, string path)
    {
        using var file = File.Create(path);
        graph.Write(file);
    }

    public static float LargestError(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(actual, value => Assert.True(float.IsFinite(value)));
        return expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
    }

    private static Dictionary<string, float[]> Run(OnnxModel model, (string Name, float[] Values)[] inputs)
    {
        OnnxTensor[] tensors = [.. inputs.Select(input => new OnnxTensor(input.Name, input.Values,
            Whole(model.Inputs.Single(info => info.Name == input.Name).Shape, input.Values.Length)))];
        return model.Run(tensors, [.. model.Outputs.Select(output => output.Name)], CancellationToken.None)
            .ToDictionary(output => output.Name, output => output.Values.ToArray());
    }

    private static long[] Whole(IReadOnlyList<long> shape, int count)
    {
        long rest = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        Assert.Equal(0, count % rest);
        return [count / rest, .. shape.Skip(1)];
    }
}
