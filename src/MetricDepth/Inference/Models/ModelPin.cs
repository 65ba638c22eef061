namespace MetricDepth.Inference.Models;

/// <summary>
/// The hash that a model had when it was first downloaded, where the catalog knows none. It outlives the model, so that a file exchanged
/// at the source is found out at any later install. In the format of <c>sha256sum</c>.
/// </summary>
internal static class ModelPin
{
    private const int LongestFile = 1024;

    /// <summary>Where a pin is.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="name">The model's name.</param>
    public static string PathOf(string store, string name) => Path.Combine(store, "pins", name + ".sha256");

    /// <summary>The pinned hash; null without a pin.</summary>
    /// <exception cref="MetricDepthException"><c>ModelPinDamaged</c>.</exception>
    public static string? Read(string store, string name)
    {
        string path = PathOf(store, name);
        if (!File.Exists(path)) return null;
        string hash = new FileInfo(path).Length > LongestFile ? "" : File.ReadAllText(path).Split(' ', 2)[0];
        return ModelFields.IsSha256(hash) ? hash : throw new MetricDepthException("ModelPinDamaged", FailureKind.InvalidData,
            $"'{path}' should hold the hash that '{name}' had at its first install, but does not. Delete it if you trust the source.");
    }

    /// <summary>Pins a hash.</summary>
    public static void Write(string store, string name, string file, string hash)
    {
        string path = PathOf(store, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".partial", $"{hash}  {file}\n");
        File.Move(path + ".partial", path, overwrite: true);
    }
}
