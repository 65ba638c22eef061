using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Loops;

/// <summary>A keyframe as loop closing sees it, whichever solver it comes from.</summary>
/// <param name="frame">0-based frame number.</param>
/// <param name="points">Tracked points, px at the map's size.</param>
/// <param name="readings">Inverse depths read at the points; empty where there are none.</param>
internal sealed class GlobalKeyframe(long frame, Vector2[] points, MeasuredInverseDepth[] readings)
{
    /// <summary>0-based frame number.</summary>
    public long Frame { get; } = frame;

    /// <summary>Tracked points, px.</summary>
    public Vector2[] Points { get; } = points;

    /// <summary>Inverse depths read, one a point; or empty.</summary>
    public MeasuredInverseDepth[] Readings { get; } = readings;

    /// <summary>Camera to world.</summary>
    public required Pose Pose { get; set; }

    /// <summary>How the readings relate to the scene.</summary>
    public DepthAffinity Affinity { get; set; } = DepthAffinity.Identity;

    public MeasuredInverseDepth ReadingOf(int index) => Readings.Length == 0 ? default : Readings[index];
}

/// <summary>A keyframe sees a landmark.</summary>
/// <param name="Keyframe">Its place among the keyframes.</param>
/// <param name="Index">The point's place in the keyframe's list.</param>
internal readonly record struct LandmarkSighting(int Keyframe, int Index);

/// <summary>A landmark as loop closing sees it.</summary>
/// <param name="sightings">All keyframes that see it, in order; the first hosts it.</param>
internal sealed class GlobalLandmark(IReadOnlyList<LandmarkSighting> sightings)
{
    /// <summary>All keyframes that see it, in order; the first hosts it.</summary>
    public IReadOnlyList<LandmarkSighting> Sightings { get; } = sightings;

    /// <summary>Where the host sees it, noise removed, px.</summary>
    public required Vector2 Pixel { get; set; }

    /// <summary>Inverse depth in the host.</summary>
    public required double Rho { get; set; }

    /// <summary>Whether its depth is known well enough to find a camera by; a camera that only turns needs none.</summary>
    public required bool IsReliable { get; init; }
}

/// <summary>What a solver has found of a clip, for loop closing, which writes poses, affinities and landmarks back.</summary>
internal sealed class GlobalMap
{
    public required Camera Camera { get; init; }

    /// <summary>Width to which pixels and camera belong, px; pictures may be larger.</summary>
    public required int Width { get; init; }

    /// <summary>Height, px.</summary>
    public required int Height { get; init; }

    public required DepthTrust Depth { get; init; }

    /// <summary>How all poses but the first may move.</summary>
    public PoseFreedom Freedom { get; init; }

    /// <summary>Standard deviation of a pixel coordinate, px.</summary>
    public required double PixelDeviation { get; init; }

    /// <summary>How firmly the depth of a frame is expected to be right, where it is estimated.</summary>
    public AffinityPrior Affinity { get; init; }

    /// <summary>In order of frames.</summary>
    public required IReadOnlyList<GlobalKeyframe> Keyframes { get; init; }

    /// <summary>Those that stand still.</summary>
    public required IReadOnlyList<GlobalLandmark> Landmarks { get; init; }

    /// <summary>Whether the camera only turns: landmarks are bearings.</summary>
    public bool IsTurning => Freedom == PoseFreedom.RotationOnly;

    /// <summary>A landmark in homogeneous coordinates of a camera: a direction, and the inverse of the unit along it.</summary>
    public Vector3 Direction(GlobalLandmark landmark, Pose pose)
    {
        var host = Keyframes[landmark.Sightings[0].Keyframe].Pose;
        return pose.Rotation.Transposed * (host.Rotation * Camera.Ray(landmark.Pixel) + (host.Translation - pose.Translation) * landmark.Rho);
    }
}
