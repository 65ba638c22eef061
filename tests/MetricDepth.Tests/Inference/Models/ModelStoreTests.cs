using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Tests.Inference.Models;

/// <summary>What counts as installed.</summary>
public sealed class ModelStoreTests : IDisposable
{
    private static readonly string Hash = new('a', 64);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ModelStore Store => ModelStore.Open(_folder.Path);

    [Fact]
    public void A_store_that_does_not_exist_is_empty_and_is_not_made_by_looking()
    {
        var store = ModelStore.Open(_folder["not/there"]);
        Assert.Empty(store.Installed());
        Assert.Null(store.TryFind("VideoDepthAnything-Small"));
        Assert.False(Directory.Exists(_folder["not"]));
    }

    [Fact]
    public void A_model_with_a_receipt_is_found_by_its_name_in_any_case()
    {
        Put("VideoDepthAnything-Small", "v.pth");
        Put("Aa", "a.onnx");
        Assert.Equal(["Aa", "VideoDepthAnything-Small"], Store.Installed().Select(m => m.Info.Name));
        var found = Store.Find("videodepthanything-small");
        Assert.Equal((_folder["models/VideoDepthAnything-Small/v.pth"], Hash, 5L), (found.Path, found.Sha256, found.Info.Bytes!.Value));
        Assert.Equal((ModelFamily.Onnx, 3), (found.Info.Family, found.Info.Heads));
    }

    [Fact]
    public void A_model_without_a_receipt_is_not_installed()
    {
        Put("Aa", "a.onnx");
        File.Delete(_folder["models/Aa/receipt.json"]);
        Assert.Empty(Store.Installed());
        Assert.Null(Store.TryFind("Aa"));
    }

    [Theory]
    [InlineData("a.onnx", null, "missing")]
    [InlineData("a.onnx", "half", "another size")]
    [InlineData("receipt.json", "{", "JSON")]
    [InlineData("receipt.json", "[]", "receipt")]
    [InlineData("receipt.json", """{"model": {"name": "Aa", "task": "ImageDepth", "family": "Onnx", "output": "Depth", "metric": true, "fileName": "../../x.onnx"}, "bytes": 5}""", "fileName")]
    [InlineData("receipt.json", """{"model": {"name": "Bb", "task": "ImageDepth", "family": "Onnx", "output": "Depth", "metric": true, "fileName": "a.onnx"}, "bytes": 5, "sha256": "HASH", "installed": "2026-11-22"}""", "Bb")]
    public void A_damaged_model_does_not_count_and_says_why(string file, string? content, string why)
    {
        Put("Aa", "a.onnx");
        Put("Cc", "c.onnx");
        string path = _folder["models/Aa/" + file];
        if (content is null) File.Delete(path);
        else File.WriteAllText(path, content.Replace("HASH", Hash, StringComparison.Ordinal));
        Assert.Equal(["Cc"], Store.Installed().Select(m => m.Info.Name));
        var e = Assert.Throws<MetricDepthException>(() => Store.Find("Aa"));
        Assert.Equal("ModelDamaged", e.ErrorId);
        Assert.Contains(why, e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("-Force", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_installed_is_answered_with_the_command_that_installs_it()
    {
        var small = Assert.Throws<MetricDepthException>(() => Store.Find("videodepthanything-metric-small"));
        Assert.Equal("ModelNotInstalled", small.ErrorId);
        Assert.Contains("Install-DepthModel VideoDepthAnything-Metric-Small (116 MB, Apache-2.0)", small.Message, StringComparison.Ordinal);
        Assert.Contains("-AcceptLicense", Assert.Throws<MetricDepthException>(() => Store.Find("DepthAnythingV2-Large")).Message, StringComparison.Ordinal);
        Assert.Contains("Install-DepthModel UniDepth -Path", Assert.Throws<MetricDepthException>(() => Store.Find("UniDepth")).Message, StringComparison.Ordinal);
        Put("MyNetwork", "a.onnx");
        var own = Assert.Throws<MetricDepthException>(() => Store.Find("my-netwrk"));
        Assert.Equal("ModelUnknown", own.ErrorId);
        Assert.Contains("MyNetwork", own.Message, StringComparison.Ordinal);
    }

    private void Put(string name, string file)
    {
        string folder = Directory.CreateDirectory(_folder["models/" + name]).FullName;
        string path = Path.Combine(folder, file);
        File.WriteAllText(path, "model");
        ModelReceipt.Write(folder, new(new() { Name = name, Task = ModelTask.ImageDepth, Family = ModelFamily.Onnx, Output = OutputMeaning.Depth, IsMetric = true, FileName = file, Heads = 3 },
            path, Hash, DateTimeOffset.UnixEpoch));
    }
}
