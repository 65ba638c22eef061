using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Estimation;

/// <summary>What an estimator is asked to do: a clip, the size and rate of the depth wanted, and what is known of the camera.</summary>
/// <param name="Clip">The video.</param>
/// <param name="Width">Width of the depth wanted, px.</param>
/// <param name="Height">Height of the depth wanted, px.</param>
/// <param name="FrameRate">Rate of the depth wanted.</param>
/// <param name="Options">Everything the user said.</param>
public sealed record EstimationJob(VideoClip Clip, int Width, int Height, Rational FrameRate, DepthEstimationOptions Options);

/// <summary>What an estimator knows before the first depth frame.</summary>
/// <param name="Estimator">Its name, for the tags.</param>
/// <param name="Scale">What its metres rest on.</param>
/// <param name="HorizontalFov">Degrees; null if it neither was told nor found out.</param>
/// <param name="VerticalFov">Degrees; null likewise.</param>
public sealed record EstimationFacts(string Estimator, DepthScale Scale, double? HorizontalFov, double? VerticalFov)
{
    /// <summary>Where the field of view comes from, if the estimator found it itself.</summary>
    public Geometry.FieldOfViewSource FieldOfViewSource { get; init; }
}

/// <summary>Takes the depth of one frame. The planes are only lent for the call.</summary>
/// <param name="depth">Metres, 0 = no depth.</param>
/// <param name="confidence">
/// 0..1: about the chance that the depth is within 5 % of the truth, up to the clip's scale. Null where it was not asked for.
/// </param>
public delegate void DepthSink(Plane<float> depth, Plane<float>? confidence);

/// <summary>One family of depth estimators. Memory does not grow with the clip's length.</summary>
public interface IDepthEstimator : IDisposable
{
    /// <summary>Whether it can tell how sure it is of each pixel.</summary>
    bool HasConfidence { get; }

    /// <summary>Whether it reads the field of view off the pictures better than their motion tells it.</summary>
    bool ReadsFieldOfView => false;

    /// <summary>Looks at the clip (may pass over all of it): finds the camera, the scale, or why it cannot be done.</summary>
    EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation);

    /// <summary>Emits one depth frame per video frame, in order, with its confidence if the options ask for it.</summary>
    void Estimate(EstimationJob job, DepthSink emit, IProgress<FrameProgress>? progress, CancellationToken cancellation);

    /// <summary>Figures of merit, after <see cref="Estimate"/>.</summary>
    IReadOnlyDictionary<string, double> Quality { get; }
}
