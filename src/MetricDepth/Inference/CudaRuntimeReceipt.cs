using System.Text.Json;

namespace MetricDepth.Inference;

/// <summary>What is written last into a runtime's folder, so that half an installation never counts: the libraries and their sizes.</summary>
internal static class CudaRuntimeReceipt
{
    public const string FileName = "runtime.json";

    private const int MaxBytes = 1 << 16;

    public static void Write(string folder)
    {
        var sizes = Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), file => new FileInfo(file).Length);
        File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(sizes));
    }

    /// <summary>Whether all of a folder's libraries are there at their sizes, the provider among them.</summary>
    public static bool Fits(string folder)
    {
        try
        {
            var receipt = new FileInfo(Path.Combine(folder, FileName));
            if (!receipt.Exists || receipt.Length > MaxBytes) return false;
            var sizes = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(receipt.FullName));
            return sizes is not null && sizes.ContainsKey(OnnxRuntimeLibrary.FileName(CudaRuntimeArchive.Provider))
                && sizes.All(file => new FileInfo(Path.Combine(folder, Path.GetFileName(file.Key))) is { Exists: true } info && info.Length == file.Value);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
