namespace MetricDepth.Inference.Models;

/// <summary>
/// The hash that a model had when it was first downloaded, where the catalog knows none. It outlives the model, so that a file exchanged
/// at the source is found out at any later install. In the format of <c>sha256sum</c>.
/// </summary>
internal static class ModelPin
{
    private const int LongestFile = 1024;

    /// <summary>Where a model's pin is.</summary>
    public static string PathOf(ModelStore store, ModelInfo model) => Path.Combine(store.Folder, "pins", model.Name + ".sha256");

    /// <summary>The pinned hash; null without a pin.</summary>
    /// <exception cref="MetricDepthException"><c>ModelPinDamaged</c>.</exception>
    public static string? Read(ModelStore store, ModelInfo model)
    {
        string path = PathOf(store, model);
        if (!File.Exists(path)) return null;
        string hash = new FileInfo(path).Length > LongestFile ? "" : File.ReadAllText(path).Split(' ', 2)[0];
        return ModelFields.IsSha256(hash) ? hash : throw new MetricDepthException("ModelPinDamaged", FailureKind.InvalidData,
            $"'{path}' should hold the hash that '{model.Name}' had at its first install, but does not. Delete it if you trust the source.");
    }

    /// <summary>Pins a hash.</summary>
    public static void Write(ModelStore store, ModelInfo model, string hash)
    {
        string path = PathOf(store, model);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".partial", $"{hash}  {model.FileName}\n");
        File.Move(path + ".partial", path, overwrite: true);
    }
}
