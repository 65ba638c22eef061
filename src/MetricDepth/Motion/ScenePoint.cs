using System.Numerics;

namespace MetricDepth.Motion;

/// <summary>A point of the scene with all that keyframes see of it.</summary>
internal sealed class ScenePoint(int id)
{
    /// <summary>The track's number.</summary>
    public int Id { get; } = id;

    /// <summary>Places among the keyframes, ascending, and among their points; the first hosts it.</summary>
    public List<(int Keyframe, int Index)> Sightings { get; } = [];

    /// <summary>The host's pixel, noise removed.</summary>
    public Vector2 Pixel { get; set; }

    /// <summary>Inverse depth along the host's ray; 0 for a bearing.</summary>
    public double Rho { get; set; }

    /// <summary>Whether it is known well enough to find a camera by.</summary>
    public bool IsMature { get; set; }

    /// <summary>Whether it does not stand still, or was mistracked.</summary>
    public bool IsOutlier { get; set; }
}
