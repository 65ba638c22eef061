using MetricDepth.Scenes.Checkpoints;

namespace MetricDepth.Tests.Inference.Checkpoints;

/// <summary>Archives as <c>torch.save</c> makes them around any pickle.</summary>
internal static class TorchArchive
{
    /// <summary>Writes an archive with a pickle and further entries; gives its path back.</summary>
    public static string Write(string path, byte[] pickle, params ReadOnlySpan<(string Name, byte[] Bytes)> entries)
    {
        using var stream = File.Create(path);
        using var archive = new StoredArchive(stream);
        archive.Add("archive/data.pkl", pickle);
        foreach (var (name, bytes) in entries) archive.Add("archive/" + name, bytes);
        return path;
    }
}
