using MetricDepth.Depth;

namespace MetricDepth.Estimation;

/// <summary>What <c>ConvertTo-MetricDepth</c> is asked to do.</summary>
public sealed record DepthEstimationOptions
{
    /// <summary>The video.</summary>
    public required string SourcePath { get; init; }

    /// <summary>Where to write; null for <c>SourcePath_depth.mkv</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>An ONNX depth model; null for the built-in motion stereo.</summary>
    public string? ModelPath { get; init; }

    /// <summary>The shorter side at which the estimator works, px; null for its default.</summary>
    public int? InputSize { get; init; }

    /// <summary>The longer side of the depth video, px, at most; null keeps the clip's.</summary>
    public int? MaxResolution { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Resample to this rate, frames per second; null keeps the clip's.</summary>
    public double? TargetFrameRate { get; init; }

    /// <summary>The largest depth to store, metres.</summary>
    public double MaxDepth { get; init; } = DepthVideo.DefaultMaxDepth;

    /// <summary>Horizontal field of view, degrees; null to estimate.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null to estimate.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>A camera path in metres: fixes motion and scale.</summary>
    public string? CameraPath { get; init; }

    /// <summary>The clip's median depth, metres: fixes the scale.</summary>
    public double? MedianDepth { get; init; }
}

/// <summary>Video to depth video.</summary>
public static class DepthEstimation
{
    /// <summary>Estimates and writes the depth of one clip.</summary>
    public static DepthVideo Run(DepthEstimationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation) => throw new NotImplementedException();
}
