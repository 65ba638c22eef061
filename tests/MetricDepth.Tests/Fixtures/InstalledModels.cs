using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Tests.Fixtures;

/// <summary>Puts models into a store of a test, as Install-DepthModel leaves them.</summary>
internal static class InstalledModels
{
    /// <summary>Puts a model of the catalog into a store; its file holds whatever is given.</summary>
    public static InstalledModel Put(string store, string name, byte[]? content = null) => Put(store, ModelCatalog.BuiltIn.Get(name), content);

    /// <summary>Puts a model into a store.</summary>
    public static InstalledModel Put(string store, ModelInfo info, byte[]? content = null)
    {
        string folder = Directory.CreateDirectory(Path.Combine(store, "models", info.Name)).FullName;
        string file = Path.Combine(folder, info.FileName);
        File.WriteAllBytes(file, content ?? [1]);
        var model = new InstalledModel(info with { Bytes = new FileInfo(file).Length }, file, new('a', 64), DateTimeOffset.UnixEpoch);
        ModelReceipt.Write(folder, model);
        return model;
    }

    /// <summary>The small metric Depth-Anything-V2 with random weights, as if it were the catalog's.</summary>
    public static InstalledModel PutTinyDepthAnything(string store) =>
        Put(store, ModelCatalog.BuiltIn.Get("DepthAnythingV2-Metric-Indoor-Small") with { Heads = 3 }, File.ReadAllBytes(ModelFixture.Path("dav2_metric_tiny.pth")));

    /// <summary>A network of the user's own.</summary>
    public static InstalledModel PutOnnx(string store, string name, byte[] content, OutputMeaning output = OutputMeaning.Depth, bool isMetric = true,
        ModelFamily family = ModelFamily.Onnx) => Put(store, new ModelInfo
        {
            Name = name,
            Task = ModelTask.ImageDepth,
            Family = family,
            Output = output,
            IsMetric = isMetric,
            FileName = name + ".onnx",
        }, content);
}
