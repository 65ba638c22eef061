using MetricDepth.Geometry;
using MetricDepth.Imaging;

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

    /// <summary>
    /// The path of the clip's camera, in the reference's unit: how much the depth differs from frame to frame is measured along it. Null
    /// leaves that out.
    /// </summary>
    public string? CameraPath { get; init; }

    /// <summary>Score only depth of at least this confidence, 0..1; null for all of it. Needs a depth video with confidence.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>The figures of one frame.</summary>
/// <param name="Frame">0-based frame number.</param>
/// <param name="AbsRel">mean |d − d*| / d*.</param>
/// <param name="Rmse">sqrt(mean (d − d*)²), metres.</param>
/// <param name="Delta1">Share of pixels with max(d/d*, d*/d) &lt; 1.25.</param>
/// <param name="Coverage">Share of the reference's pixels that the depth also has.</param>
public sealed record DepthFrameScore(long Frame, double AbsRel, double Rmse, double Delta1, double Coverage)
{
    /// <summary>Median relative difference to the frame before, moved along the camera path; null for the first frame and without a path.</summary>
    public double? TemporalError { get; init; }
}

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

    /// <summary>
    /// Median relative difference, 0..1, between the depth of neighbouring frames after each pixel has been moved along the camera path;
    /// null without a path.
    /// </summary>
    public double? TemporalError { get; init; }

    /// <summary>The same of the reference: what the path and the reference themselves leave over. Null without a path.</summary>
    public double? ReferenceTemporalError { get; init; }

    /// <summary>The factor the depth was multiplied by; 1 without median scaling.</summary>
    public required double ScaleFactor { get; init; }

    /// <summary>The figures of each frame.</summary>
    public required IReadOnlyList<DepthFrameScore> Frames { get; init; }
}

/// <summary>Compares depth videos.</summary>
public static class DepthComparison
{
    /// <summary>Compares frame by frame; a depth of another size is sampled at the reference's pixel centres (nearest).</summary>
    /// <exception cref="MetricDepthException">The two have no pixel in common, or other frame rates.</exception>
    public static DepthComparisonResult Run(DepthComparisonOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (options.Depth.FrameRate != options.Reference.FrameRate)
            throw new MetricDepthException("FrameRatesDiffer", FailureKind.InvalidArgument,
                $"The depth has {options.Depth.FrameRate} frames per second, the reference {options.Reference.FrameRate}. Make the depth with -TargetFrameRate, or compare with another reference.");
        var path = options.CameraPath is null ? null : Geometry.CameraPath.Load(options.CameraPath);
        var (steadiness, referenceSteadiness) = path is null ? (null, null) : (new TemporalConsistency(CameraOf(options), path), new TemporalConsistency(CameraOf(options), path));
        double scale = options.MedianScaling ? FindScale(options, progress, cancellation) : 1;
        var total = new DepthScore();
        List<DepthFrameScore> frames = [];
        ForEachFrame(options, "Comparing depth", progress, cancellation, (frame, depth, reference) =>
        {
            var score = new DepthScore();
            score.Add(depth, reference, scale);
            total.Add(score);
            referenceSteadiness?.Add(reference, 1);
            frames.Add(new(frame, score.AbsRel, score.Rmse, score.Delta1, score.Coverage) { TemporalError = steadiness?.Add(depth, scale) });
        });
        if (!total.HasPixels) throw NothingInCommon(options);
        if (options.MaxFrames is null && options.Depth.FrameCount is { } a && options.Reference.FrameCount is { } b && a != b)
            progress?.Report(FrameProgress.Warning($"The depth has {a} frames, the reference {b}; the first {frames.Count} were compared."));
        return new()
        {
            Path = options.Depth.Path,
            ReferencePath = options.Reference.Path,
            FrameCount = frames.Count,
            AbsRel = total.AbsRel,
            Rmse = total.Rmse,
            Delta1 = total.Delta1,
            Coverage = total.Coverage,
            ScaleFactor = scale,
            TemporalError = steadiness?.Median,
            ReferenceTemporalError = referenceSteadiness?.Median,
            Frames = frames,
        };
    }

    /// <summary>The camera at the reference's size, at which depth is compared.</summary>
    private static Intrinsics CameraOf(DepthComparisonOptions options)
    {
        var (depth, reference) = (options.Depth, options.Reference);
        var known = depth.HorizontalFov is not null || depth.VerticalFov is not null ? depth : reference;
        if (known.HorizontalFov is null && known.VerticalFov is null)
            throw new MetricDepthException("FieldOfViewMissing", FailureKind.InvalidArgument,
                $"Neither '{depth.Path}' nor '{reference.Path}' says its field of view, so depth cannot be moved along -CameraPath. Make or import one of them with -HorizontalFov.");
        return Intrinsics.FromFieldOfView(reference.Width, reference.Height, known.HorizontalFov, known.VerticalFov);
    }

    private static double FindScale(DepthComparisonOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var median = new RatioMedian();
        ForEachFrame(options, "Finding the scale", progress, cancellation, (_, depth, reference) => median.Add(depth, reference));
        return median.Value ?? throw NothingInCommon(options);
    }

    private delegate void CompareFrame(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<float> reference);

    private static void ForEachFrame(DepthComparisonOptions options, string activity, IProgress<FrameProgress>? progress,
        CancellationToken cancellation, CompareFrame compare)
    {
        using var depthReader = DepthVideoReader.Open(options.Depth, options.MinConfidence, new() { MaxFrames = options.MaxFrames }, cancellation);
        using var referenceReader = DepthVideoReader.Open(options.Reference, cancellation, options.MaxFrames);
        var depth = new Plane<float>(options.Depth.Width, options.Depth.Height);
        var reference = new Plane<float>(options.Reference.Width, options.Reference.Height);
        var sampled = new Plane<float>(reference.Width, reference.Height);
        bool sameSize = (depth.Width, depth.Height) == (reference.Width, reference.Height);
        for (long frame = 0; depthReader.Read(depth) && referenceReader.Read(reference); frame++)
        {
            if (!sameSize) Sample(depth, sampled);
            compare(frame, sameSize ? depth.Span : sampled.Span, reference.Span);
            progress?.Report(new(activity, frame + 1, options.MaxFrames ?? options.Depth.FrameCount));
        }
    }

    /// <summary>Nearest samples at the centres of the target's pixels.</summary>
    private static void Sample(Plane<float> source, Plane<float> target)
    {
        for (int y = 0; y < target.Height; y++)
        {
            var from = source.Row((int)((y + 0.5) * source.Height / target.Height));
            var to = target.Row(y);
            for (int x = 0; x < to.Length; x++) to[x] = from[(int)((x + 0.5) * source.Width / target.Width)];
        }
    }

    private static MetricDepthException NothingInCommon(DepthComparisonOptions options) => new("NothingInCommon", FailureKind.InvalidData,
        $"'{options.Depth.Path}' and '{options.Reference.Path}' have no pixel with depth in common. Check that they belong to the same clip.");
}
