namespace MetricDepth.Depth;

/// <summary>What to compare and how.</summary>
public sealed record DepthComparisonOptions
{
    /// <summary>The depth to judge.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The truth.</summary>
    public required DepthVideo Reference { get; init; }

    /// <summary>Multiply the depth by one factor for the whole clip first: the median of reference/depth.</summary>
    public bool MedianScaling { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>The figures of one frame.</summary>
/// <param name="Frame">0-based frame number.</param>
/// <param name="AbsRel">mean |d − d*| / d*.</param>
/// <param name="Rmse">sqrt(mean (d − d*)²), metres.</param>
/// <param name="Delta1">Share of pixels with max(d/d*, d*/d) &lt; 1.25.</param>
/// <param name="Coverage">Share of the reference's pixels that the depth also has.</param>
public sealed record DepthFrameScore(long Frame, double AbsRel, double Rmse, double Delta1, double Coverage);

/// <summary>How well a depth video agrees with a reference, over the pixels both have.</summary>
public sealed record DepthComparisonResult
{
    /// <summary>The depth judged.</summary>
    public required string Path { get; init; }

    /// <summary>The reference.</summary>
    public required string ReferencePath { get; init; }

    /// <summary>The name of the depth judged, without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The reference's name, without its folder.</summary>
    public string Reference => System.IO.Path.GetFileName(ReferencePath);

    /// <summary>Frames compared.</summary>
    public required long FrameCount { get; init; }

    /// <summary>Mean relative error over all pixels.</summary>
    public required double AbsRel { get; init; }

    /// <summary>Root mean square error over all pixels, metres.</summary>
    public required double Rmse { get; init; }

    /// <summary>Share of pixels within a factor 1.25.</summary>
    public required double Delta1 { get; init; }

    /// <summary>Share of the reference's pixels that the depth also has.</summary>
    public required double Coverage { get; init; }

    /// <summary>The factor the depth was multiplied by; 1 without median scaling.</summary>
    public required double ScaleFactor { get; init; }

    /// <summary>The figures of each frame.</summary>
    public required IReadOnlyList<DepthFrameScore> Frames { get; init; }
}

/// <summary>Compares depth videos.</summary>
public static class DepthComparison
{
    /// <summary>Compares frame by frame.</summary>
    public static DepthComparisonResult Run(DepthComparisonOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation) => throw new NotImplementedException();
}
