namespace MetricDepth.Inference.Downloads;

/// <summary>A file to fetch.</summary>
public sealed record DownloadRequest
{
    /// <summary>What it is called in messages, e.g. the model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it comes from; the next is asked when one does not answer.</summary>
    public required IReadOnlyList<Uri> Sources { get; init; }

    /// <summary>Where it goes. What is there already is the beginning of it; beside it lies what is known of its source.</summary>
    public required string Path { get; init; }

    /// <summary>Its size, bytes; null if unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>The size above which it is not taken, bytes.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <summary>Whether its hash is known, so that a beginning of it from elsewhere may be completed: a wrong one is found out.</summary>
    public bool IsHashKnown { get; init; }

    /// <summary>Whether http without TLS will do for other hosts than this one.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>What to do with the file when it was fetched by other means, e.g. <c>Install-DepthModel NAME -Path FILE</c>.</summary>
    public required string ByHand { get; init; }

    /// <summary>The pause before the second attempt; it doubles for each further one.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a server may be silent.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Free bytes where a file goes.</summary>
    internal Func<string, long> FreeSpace { get; init; } = DiskSpace.FreeAt;
}
