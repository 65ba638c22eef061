namespace MetricDepth.Depth.Import;

/// <summary>What depth can be imported from: one line each. Content decides, then the name; what is none of them is a video.</summary>
internal static class DepthSources
{
    private const int HeadBytes = 16;

    private static readonly DepthSourceKind[] Kinds = [new PngKind(), new ExrKind(), new NpyKind(), new NpzKind()];
    private static readonly GrayVideoKind Video = new();

    /// <summary>Starts reading a file or a folder.</summary>
    /// <exception cref="MetricDepthException">It is missing, or cannot be read as depth.</exception>
    public static DepthSource Open(DepthImportOptions options, CancellationToken cancellation)
    {
        string path = Path.GetFullPath(options.SourcePath);
        string[] files = Directory.Exists(path) ? Pictures(path) : [path];
        if (!File.Exists(files[0]))
            throw MetricDepthException.FileNotFound(path);
        var kind = Recognize(files[0]);
        if (options.ArrayName is not null && kind is not NpzKind)
            throw new MetricDepthException("ArrayNameUnused", FailureKind.InvalidArgument, $"'{path}' is no NPZ archive, and -ArrayName names an array in one. Leave it out.");
        return kind.Open(files, options, cancellation);
    }

    private static DepthSourceKind Recognize(string file)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        try
        {
            using var stream = File.OpenRead(file);
            head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("FileNotReadable", FailureKind.Storage, $"'{file}' cannot be read: {e.Message} Check its permissions.", e);
        }
        foreach (var kind in Kinds)
            if (kind.Begins(head)) return kind;
        return Array.Find(Kinds, kind => HasExtension(file, kind)) ?? Video;
    }

    /// <summary>The pictures of a folder in the order people count; they must be of one kind.</summary>
    private static string[] Pictures(string folder)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("FileNotReadable", FailureKind.Storage, $"The folder '{folder}' cannot be read: {e.Message} Check its permissions.", e);
        }
        DepthSourceKind[] found = [.. Kinds.Where(kind => kind.IsPicture && files.Any(f => HasExtension(f, kind)))];
        return found switch
        {
            [] => throw new MetricDepthException("NoImages", FailureKind.NotFound,
                $"The folder '{folder}' holds no {string.Join(" or ", Kinds.Where(k => k.IsPicture).Select(k => k.Extension[1..].ToUpperInvariant()))} files. Give a folder of depth images, or a file."),
            [var kind] => [.. files.Where(f => HasExtension(f, kind)).Order(NaturalOrder.Instance)],
            _ => throw new MetricDepthException("FolderAmbiguous", FailureKind.InvalidArgument,
                $"The folder '{folder}' holds {string.Join(" and ", found.Select(k => k.Extension[1..].ToUpperInvariant()))} files, and which of them are depth is not known. Move the others elsewhere."),
        };
    }

    private static bool HasExtension(string file, DepthSourceKind kind) => Path.GetExtension(file).Equals(kind.Extension, StringComparison.OrdinalIgnoreCase);
}
