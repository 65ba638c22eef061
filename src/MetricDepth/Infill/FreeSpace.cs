using System.Runtime.CompilerServices;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Infill;

/// <summary>
/// What a frame has looked through: it sees something further away along the ray to a point there, so whatever another frame saw at
/// that point is not there now.
/// </summary>
/// <param name="source">The frame.</param>
/// <param name="camera">Its camera.</param>
/// <param name="referenceToSource">Frame 0's camera to the frame's.</param>
internal readonly struct FreeSpace(SourceImage source, Intrinsics camera, Pose referenceToSource)
{
    // Depth of one frame errs by some percent against that of the next.
    private const float Tolerance = 0.04f;
    private const float Nearest = 1e-3f, Outside = -1e5f;

    private readonly RigidMotion _toSource = new(referenceToSource);
    private readonly float _fx = (float)camera.Fx, _fy = (float)camera.Fy, _cx = (float)camera.Cx, _cy = (float)camera.Cy;

    /// <summary>Where the frame has a point: column and row, px, and inverse depth, 1/m; far outside the picture what is behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector3 Locate(in PlatePoint point)
    {
        var p = _toSource.Apply(point.X, point.Y, point.Z);
        if (!(p.Z > Nearest)) return new(Outside, Outside, 0);
        float inverse = 1 / p.Z;
        return new(p.X * inverse * _fx + _cx, p.Y * inverse * _fy + _cy, inverse);
    }

    /// <summary>Whether the frame has looked through such a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(Vector3 place)
    {
        float u = place.X + 0.5f, v = place.Y + 0.5f;
        if (!(u > 0 && v > 0 && u < source.Width && v < source.Height)) return false;
        float seen = source.InverseDepth[(int)v * source.Width + (int)u];
        return seen > 0 && seen < place.Z * (1 - Tolerance);
    }
}
