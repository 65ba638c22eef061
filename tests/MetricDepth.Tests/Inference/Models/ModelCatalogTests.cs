using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Inference.Models;

/// <summary>What can be installed, and what people write into catalogs of their own.</summary>
public sealed class ModelCatalogTests : IDisposable
{
    private const string Own = """
        "name": "Mine", "task": "ImageDepth", "family": "Onnx", "output": "Disparity", "metric": false, "fileName": "mine.onnx"
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_official_models_are_in_it_with_their_makers_addresses_licences_and_hashes()
    {
        var models = ModelCatalog.BuiltIn.Models;
        Assert.Equal(15, models.Count(m => m.Source is not null));
        foreach (var model in models.Where(m => m.Source is not null))
        {
            Assert.StartsWith("https://huggingface.co/depth-anything/", model.Source!.AbsoluteUri, StringComparison.Ordinal);
            Assert.EndsWith(model.FileName, model.Source.AbsolutePath, StringComparison.Ordinal);
            Assert.EndsWith("-" + model.Size, model.Name, StringComparison.Ordinal);
            Assert.Equal(model.Size is not "Small", model.NonCommercial);
            Assert.Equal(model.Size is "Small" ? "Apache-2.0" : "CC-BY-NC-4.0", model.License);
            Assert.Matches("^[0-9a-f]{64}$", model.Sha256);
            Assert.Equal(model.IsMetric, model.Name.Contains("Metric", StringComparison.Ordinal));
            Assert.Equal(model.IsMetric ? OutputMeaning.Depth : OutputMeaning.InverseDepth, model.Output);
            Assert.Equal(model.Name.Contains("Indoor", StringComparison.Ordinal) ? 20 : model.Name.Contains("Outdoor", StringComparison.Ordinal) ? 80 : null, model.MaxDepth);
        }
        Assert.Equal(15, models.Select(m => m.Sha256).Where(h => h is not null).Distinct().Count());
        Assert.Equal((ModelFamily.UniDepthV2, null), (ModelCatalog.BuiltIn.Get("unidepth").Family, ModelCatalog.BuiltIn.Get("unidepth").Source));
    }

    [Theory]
    [InlineData("vits", "Small")]
    [InlineData("vitb", "Base")]
    [InlineData("vitl", "Large")]
    public void The_sizes_are_those_of_the_networks_weights(string encoder, string size)
    {
        long weights = 4 * File.ReadLines(ModelFixture.Path($"state-dicts/{encoder}_state_dict.txt")).Sum(Numbers);
        Assert.True(weights > 100e6);
        foreach (string name in new[] { "VideoDepthAnything-", "VideoDepthAnything-Metric-" })
            // float32 numbers, and some 250 bytes a tensor for names, shapes and the zip's directory
            Assert.InRange(ModelCatalog.BuiltIn.Get(name + size).Bytes!.Value - weights, 0, 250_000);
    }

    [Fact]
    public void A_catalog_of_ones_own_adds_models_and_mirrors()
    {
        File.WriteAllText(_folder["catalog.json"], $$"""
            {"version": 1, "models": [
              {"name": "VideoDepthAnything-Small", "mirrors": ["https://mirror.example/vits.pth"]},
              {{{Own}}, "source": "https://example.org/mine.onnx", "heads": 3, "description": "My own."}]}
            """);
        var catalog = ModelStore.Open(_folder.Path).Catalog;
        Assert.Equal(17, catalog.Models.Count);
        var small = catalog.Get("VideoDepthAnything-Small");
        Assert.Equal(["https://mirror.example/vits.pth"], small.Mirrors.Select(m => m.AbsoluteUri));
        Assert.Equal(ModelCatalog.BuiltIn.Get("VideoDepthAnything-Small") with { Mirrors = small.Mirrors }, small);
        var mine = catalog.Get("mine");
        Assert.Equal((ModelFamily.Onnx, OutputMeaning.Disparity, false, 3, "My own."), (mine.Family, mine.Output, mine.IsMetric, mine.Heads, mine.Description));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{"version": 2, "models": []}""", "version")]
    [InlineData("""{"version": 1}""", "models")]
    [InlineData("""{"version": 1, "models": [], "extra": 1}""", "'extra'")]
    [InlineData("""{"version": 1, "models": [], "models": []}""", "models")]
    [InlineData("""{"version": 1, "models": [7]}""", "model 1 is not")]
    [InlineData("""{"version": 1, "models": [{"task": "ImageDepth"}]}""", "name")]
    [InlineData("""{"version": 1, "models": [{"name": "New"}]}""", "'New' has no \"task\"")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth"}, {"name": "unidepth"}]}""", "twice")]
    [InlineData("""{"version": 1, "models": [{"name": "../../x"}]}""", "../../x")]
    [InlineData("""{"version": 1, "models": [{"name": "CON"}]}""", "Windows")]
    [InlineData("""{"version": 1, "models": [{"name": ".x"}]}""", "letters")]
    [InlineData("""{"version": 1, "models": [{OWN, "fileName": "../../../etc/cron.d/x.pth"}]}""", "fileName")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "fileName": "../x.onnx"}]}""", "fileName")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "fileName": "a\\b.onnx"}]}""", "fileName")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "fileName": "run.exe"}]}""", "fileName")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "fileName": "nul.pth"}]}""", "fileName")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "source": "file:///etc/passwd"}]}""", "https")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "source": "https://me:secret@example.org/x.onnx"}]}""", "https")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "mirrors": "https://example.org"}]}""", "mirrors")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "bytes": -1}]}""", "bytes")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "bytes": 1e300}]}""", "bytes")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "sha256": "abc"}]}""", "sha256")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "maxDepth": 0}]}""", "maxDepth")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "family": "unidepthv2"}]}""", "UniDepthV2")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "heads": 0.5}]}""", "heads")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "shasum": "x"}]}""", "'shasum'")]
    [InlineData("""{"version": 1, "models": [{"name": "UniDepth", "metric": "yes"}]}""", "metric")]
    public void A_mistake_in_it_is_named(string json, string what)
    {
        File.WriteAllText(_folder["catalog.json"], json.Replace("OWN", Own.Replace(""", "fileName": "mine.onnx" """.TrimEnd(), "", StringComparison.Ordinal), StringComparison.Ordinal));
        var e = Assert.Throws<MetricDepthException>(() => ModelStore.Open(_folder.Path));
        Assert.Equal("CatalogMalformed", e.ErrorId);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["catalog.json"], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_or_deep_file_costs_nothing()
    {
        File.WriteAllText(_folder["catalog.json"], """{"version": 1, "models": """ + new string('[', 100_000));
        Assert.Equal("CatalogMalformed", Assert.Throws<MetricDepthException>(() => ModelStore.Open(_folder.Path)).ErrorId);
        using (var file = File.Create(_folder["catalog.json"])) file.SetLength(1L << 40);
        Assert.Equal("CatalogMalformed", Assert.Throws<MetricDepthException>(() => ModelStore.Open(_folder.Path)).ErrorId);
    }

    [Theory]
    [InlineData("VideoDepthAnythingMetricSmal", "VideoDepthAnything-Metric-Small")]
    [InlineData("depth-anything-v2-large", "DepthAnythingV2-Large")]
    [InlineData("unidepthv2", "UniDepth")]
    public void A_misspelled_name_is_answered_with_the_right_one(string typed, string meant)
    {
        var e = Assert.Throws<MetricDepthException>(() => ModelCatalog.BuiltIn.Get(typed));
        Assert.Equal("ModelUnknown", e.ErrorId);
        Assert.Contains($"Did you mean {meant}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_like_none_is_not_guessed_at()
    {
        var e = Assert.Throws<MetricDepthException>(() => ModelCatalog.BuiltIn.Get("zzz"));
        Assert.DoesNotContain("Did you mean", e.Message, StringComparison.Ordinal);
        Assert.Contains("Get-DepthModel", e.Message, StringComparison.Ordinal);
    }

    // "pretrained.cls_token (1, 1, 384) torch.float32", or any line with a name and a shape in brackets
    private static long Numbers(string line)
    {
        var shape = Regex.Match(line, @"[\[(]([\d,\s]*)[\])]");
        return shape.Success
            ? shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Aggregate(1L, (n, s) => n * long.Parse(s, CultureInfo.InvariantCulture))
            : 0;
    }
}
