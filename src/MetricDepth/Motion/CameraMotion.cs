using MetricDepth.Geometry;

namespace MetricDepth.Motion;

/// <summary>The depths at which one frame sees tracked points, in the unit of the poses.</summary>
/// <param name="Near">2nd percentile.</param>
/// <param name="Median">Median.</param>
/// <param name="Far">98th percentile.</param>
/// <param name="Count">Points seen.</param>
public readonly record struct SceneDepth(double Near, double Median, double Far, int Count);

/// <summary>How the camera moved through a clip, solved from tracks.</summary>
public sealed record CameraMotion
{
    /// <summary>The camera at the clip's size.</summary>
    public required Intrinsics Intrinsics { get; init; }

    /// <summary>Whether the field of view was estimated rather than given.</summary>
    public required bool FieldOfViewEstimated { get; init; }

    /// <summary>Camera to frame 0's camera, one a frame, up to one factor for the whole clip unless the scale is metric.</summary>
    public required IReadOnlyList<Pose> Poses { get; init; }

    /// <summary>The depths each frame sees, one a frame.</summary>
    public required IReadOnlyList<SceneDepth> SceneDepths { get; init; }

    /// <summary>Root mean square reprojection error of inliers, px at the clip's size.</summary>
    public required double ReprojectionError { get; init; }

    /// <summary>Median angle between the first and last view of a track, degrees.</summary>
    public required double Parallax { get; init; }

    /// <summary>Share of track observations that agree with the solution, 0..1.</summary>
    public required double InlierShare { get; init; }
}
