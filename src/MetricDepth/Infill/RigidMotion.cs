using System.Runtime.CompilerServices;
using MetricDepth.Geometry;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Infill;

/// <summary>A pose in single precision, for moving millions of points.</summary>
/// <param name="pose">The motion.</param>
internal readonly struct RigidMotion(Pose pose)
{
    private readonly Vector3 _first = new((float)pose.Rotation.M00, (float)pose.Rotation.M10, (float)pose.Rotation.M20);
    private readonly Vector3 _second = new((float)pose.Rotation.M01, (float)pose.Rotation.M11, (float)pose.Rotation.M21);
    private readonly Vector3 _third = new((float)pose.Rotation.M02, (float)pose.Rotation.M12, (float)pose.Rotation.M22);
    private readonly Vector3 _shift = new((float)pose.Translation.X, (float)pose.Translation.Y, (float)pose.Translation.Z);

    /// <summary>Moves a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector3 Apply(float x, float y, float z) => _first * x + _second * y + _third * z + _shift;

    /// <summary>Moves a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector3 Apply(Vector3 p) => Apply(p.X, p.Y, p.Z);
}
