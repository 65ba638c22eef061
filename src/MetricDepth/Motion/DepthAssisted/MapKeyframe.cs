using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>A frame that is adjusted together with the points it sees. All that is kept of the clip, beside the points and a pose a frame.</summary>
internal sealed class MapKeyframe(int number, SightedFrame frame, MeasuredInverseDepth[] readings, Pose pose)
{
    /// <summary>Position among the keyframes.</summary>
    public int Number { get; } = number;

    /// <summary>0-based frame number.</summary>
    public long Frame { get; } = frame.Index;

    /// <summary>Track numbers, ascending.</summary>
    public int[] Ids { get; } = frame.Ids;

    /// <summary>Positions, px.</summary>
    public Vector2[] Points { get; } = frame.Points;

    /// <summary>Inverse depths read.</summary>
    public MeasuredInverseDepth[] Readings { get; } = readings;

    /// <summary>Camera to world.</summary>
    public Pose Pose { get; set; } = pose;

    /// <summary>How the readings relate to the scene.</summary>
    public DepthAffinity Affinity { get; set; } = DepthAffinity.Identity;
}

/// <summary>Where a keyframe sees a point.</summary>
/// <param name="Keyframe">Which keyframe.</param>
/// <param name="Index">The place of the point in its lists.</param>
internal readonly record struct Sighting(MapKeyframe Keyframe, int Index)
{
    public Vector2 Pixel => Keyframe.Points[Index];

    public MeasuredInverseDepth Reading => Keyframe.Readings[Index];
}
