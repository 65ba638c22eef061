using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>What the metres of a depth video rest on.</summary>
public enum DepthScale
{
    /// <summary>From a metric model, a sensor, a metric camera path or a given distance.</summary>
    Metric,
    /// <summary>Right up to one factor for the whole clip; that factor was assumed.</summary>
    Assumed,
    /// <summary>Only the order of near and far is meant.</summary>
    Relative,
}

/// <summary>A depth video on disk: FFV1 RGB, depth in metres as DESIGN §3 says. Frames are read with <c>DepthVideoReader</c>.</summary>
public sealed record DepthVideo : VideoClip
{
    /// <summary>The default largest depth, metres.</summary>
    public const double DefaultMaxDepth = 20;

    /// <summary>Creates an empty description; the required facts are set by the caller.</summary>
    public DepthVideo()
    {
    }

    /// <summary>The depth video stored in a file whose video facts are known.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public DepthVideo(VideoClip clip)
        : base(clip)
    {
    }

    /// <summary>The colour video it belongs to; null if unknown.</summary>
    public string? ColorPath { get; init; }

    /// <summary>
    /// How sure its estimator is of each pixel: a video of the same size, rate and length, 8-bit grey, 0..255 for a confidence of 0..1;
    /// null if there is none. Confidence is about the share of such pixels that are within 5 % of the truth, up to the clip's scale.
    /// </summary>
    public string? ConfidencePath { get; init; }

    /// <summary>The largest depth that can be stored, metres.</summary>
    public double MaxDepth { get; init; } = DefaultMaxDepth;

    /// <summary>From here on depth says nothing, m: what is farther than a depth video can store lies at its largest depth, a wall that is not there.</summary>
    internal double FarthestTold => 0.995 * MaxDepth;

    /// <summary>Horizontal field of view, degrees; null if unknown.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null if unknown.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Where the field of view comes from; <see cref="Geometry.FieldOfViewSource.None"/> if that is unknown.</summary>
    public Geometry.FieldOfViewSource FieldOfViewSource { get; init; }

    /// <summary>What made the depth, for example <c>MotionStereo</c>; null if unknown.</summary>
    public string? Estimator { get; init; }

    /// <summary>What the metres rest on.</summary>
    public DepthScale Scale { get; init; } = DepthScale.Metric;

    /// <summary>Figures the estimator gives with its answer, for example <c>ReprojectionError</c> (px); empty for a file opened later.</summary>
    public IReadOnlyDictionary<string, double> Quality { get; init; } = new Dictionary<string, double>();

    /// <inheritdoc/>
    public override string ToString() => Path;
}
