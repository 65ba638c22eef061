using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>A frame whose pose is solved together with the points it sees.</summary>
internal sealed class Keyframe(TrackedFrame frame)
{
    public TrackedFrame Frame { get; } = frame;

    /// <summary>Camera to the solver's world.</summary>
    public Pose Pose { get; set; } = Pose.Identity;

    public bool IsPosed { get; set; }
}

/// <summary>A tracked point: a ray of the keyframe that hosts it, and an inverse depth along it.</summary>
internal sealed class Landmark(int id, Keyframe host, Vector2 pixel, double rho)
{
    public int Id { get; } = id;

    public Keyframe Host { get; } = host;

    public Vector2 Pixel { get; } = pixel;

    /// <summary>Inverse depth along the host's ray with z = 1.</summary>
    public double Rho { get; set; } = rho;

    /// <summary>Standard deviation of <see cref="Rho"/> for half a pixel of noise.</summary>
    public double Deviation { get; set; } = double.PositiveInfinity;

    /// <summary>Whether its depth is known well enough to carry poses.</summary>
    public bool IsMature { get; set; }

    /// <summary>Whether it does not stand still, or was mistracked.</summary>
    public bool IsOutlier { get; set; }

    /// <summary>The last keyframe that sees it.</summary>
    public Keyframe LastSeen { get; set; } = host;

    public PointSighting SeenAt(Camera camera, Vector2 pixel) =>
        new(Host.Pose.Translation, Host.Pose.Rotation * camera.Ray(Pixel), Rho, pixel);

    /// <summary>Its depth (z) in a camera, in the unit of the poses; not positive where it lies behind or at infinity.</summary>
    public double DepthIn(Camera camera, Pose pose)
    {
        var y = pose.Rotation.Transposed * (Host.Pose.Rotation * camera.Ray(Pixel) + (Host.Pose.Translation - pose.Translation) * Rho);
        return Rho > 0 ? y.Z / Rho : 0;
    }
}
