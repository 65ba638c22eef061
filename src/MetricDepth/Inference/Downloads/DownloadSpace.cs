using System.Globalization;

namespace MetricDepth.Inference.Downloads;

/// <summary>Whether a file still fits, asked before it is fetched rather than when the disk is full.</summary>
internal static class DownloadSpace
{
    // a disk filled to the last byte is no good to anybody
    private const long Reserve = 64 << 20;

    /// <summary>Refuses what does not fit.</summary>
    /// <exception cref="MetricDepthException"><c>DiskSpaceInsufficient</c>.</exception>
    public static void Require(string name, string path, long bytes, long free)
    {
        if (free - Reserve >= bytes) return;
        throw new MetricDepthException("DiskSpaceInsufficient", FailureKind.Storage, string.Create(CultureInfo.InvariantCulture,
            $"'{name}' needs {bytes / 1e6:0} MB more in '{Path.GetDirectoryName(path)}', where {Math.Max(0, free) / 1e6:0} MB are free. Make room, or set {Models.ModelStore.FolderVariable} to a folder on another disk."));
    }
}
