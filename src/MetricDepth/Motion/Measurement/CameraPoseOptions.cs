using MetricDepth.Tracking;

namespace MetricDepth.Motion.Measurement;

/// <summary>What <c>Measure-CameraPose</c> is asked to do.</summary>
public sealed record CameraPoseOptions
{
    /// <summary>The tracks.</summary>
    public required PointTracks Tracks { get; init; }

    /// <summary>The depth video's file; null to solve without depth.</summary>
    public string? DepthPath { get; init; }

    /// <summary>The least confidence, 0..1, that counts as depth; null for any.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>The clip; null for the one that the tracks or the depth video know.</summary>
    public string? ColorPath { get; init; }

    /// <summary>Where to write; null for beside the depth video, or beside the clip.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Horizontal field of view, degrees; null for the depth video's, or what can be found out.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null likewise.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>A mask video, white over what moves by itself; null for none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>What a mask means for a track.</summary>
    public MaskMeaning Mask { get; init; }

    /// <summary>What is known beforehand of how the camera moves.</summary>
    public MotionConstraint Constraint { get; init; }

    /// <summary>Also write a video that shows points, residuals and the path from above.</summary>
    public bool Visualize { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>What a mask means for a track.</summary>
public enum MaskMeaning
{
    /// <summary>It is not used in frames where it lies under white.</summary>
    InFrame,
    /// <summary>It is not used at all if it ever lies under white.</summary>
    WholeTrack,
}
