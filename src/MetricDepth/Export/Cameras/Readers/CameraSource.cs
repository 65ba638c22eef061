namespace MetricDepth.Export.Cameras.Readers;

/// <summary>What is to be read: a file, or a folder with files of known names.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Progress">Notes.</param>
/// <param name="Cancellation">Stops reading.</param>
internal sealed record CameraSource(string Path, IProgress<FrameProgress>? Progress, CancellationToken Cancellation)
{
    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Directory.Exists(Path);

    /// <summary>The file itself, or the first of some names that the folder has.</summary>
    /// <param name="names">Names inside a folder, with <c>/</c>.</param>
    /// <exception cref="MetricDepthException">The folder has none of them.</exception>
    public string File(params ReadOnlySpan<string> names) => IsFolder
        ? Find(names) ?? throw new MetricDepthException("FileNotFound", FailureKind.NotFound, $"The folder '{Path}' holds no {string.Join(" and no ", names!)}. Give the file that holds the poses.")
        : Path;

    /// <summary>The first of some names that the folder has; null if it has none.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            string file = System.IO.Path.Combine(Path, name.Replace('/', System.IO.Path.DirectorySeparatorChar));
            if (System.IO.File.Exists(file)) return file;
        }
        return null;
    }

    /// <summary>The first bytes of a file: enough to see what it is.</summary>
    public static byte[] Beginning(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        var bytes = new byte[1 << 12];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
