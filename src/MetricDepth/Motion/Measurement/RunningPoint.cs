using MetricDepth.Geometry;

namespace MetricDepth.Motion.Measurement;

/// <summary>
/// Where a track's point is, as far as the rays seen up to now tell: the point that is nearest to all of them. Along a ray, depth (or, where there is
/// none, an assumed distance) counts for little, so that it decides only until parallax does.
/// </summary>
internal sealed class RunningPoint
{
    private const double DepthWeight = 1e-2, AssumedWeight = 1e-8;

    // the symmetric normal matrix and the right side
    private double _xx, _xy, _xz, _yy, _yz, _zz;
    private Vector3 _right;

    /// <summary>The last frame that saw it.</summary>
    public long LastSeen { get; private set; }

    /// <summary>How many rays there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a ray.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="centre">Where the camera is.</param>
    /// <param name="direction">Unit vector to the point.</param>
    /// <param name="distance">How far away depth has it; 0 where there is none.</param>
    /// <param name="assumed">How far away it might be.</param>
    public void Add(long frame, Vector3 centre, Vector3 direction, double distance, double assumed)
    {
        LastSeen = frame;
        Count++;
        double along = distance > 0 ? DepthWeight : AssumedWeight;
        var at = centre + direction * (distance > 0 ? distance : assumed);
        // I − (1 − w) d dᵀ
        double k = 1 - along;
        double xx = 1 - k * direction.X * direction.X, xy = -k * direction.X * direction.Y, xz = -k * direction.X * direction.Z;
        double yy = 1 - k * direction.Y * direction.Y, yz = -k * direction.Y * direction.Z, zz = 1 - k * direction.Z * direction.Z;
        (_xx, _xy, _xz, _yy, _yz, _zz) = (_xx + xx, _xy + xy, _xz + xz, _yy + yy, _yz + yz, _zz + zz);
        _right += new Vector3(xx * at.X + xy * at.Y + xz * at.Z, xy * at.X + yy * at.Y + yz * at.Z, xz * at.X + yz * at.Y + zz * at.Z);
    }

    /// <summary>The point; by Cramer's rule, the matrix being positive definite.</summary>
    public Vector3 Position
    {
        get
        {
            double a = _yy * _zz - _yz * _yz, b = _xz * _yz - _xy * _zz, c = _xy * _yz - _xz * _yy;
            double determinant = _xx * a + _xy * b + _xz * c;
            double d = _xx * _zz - _xz * _xz, e = _xy * _xz - _xx * _yz, f = _xx * _yy - _xy * _xy;
            return new Vector3(a * _right.X + b * _right.Y + c * _right.Z, b * _right.X + d * _right.Y + e * _right.Z, c * _right.X + e * _right.Y + f * _right.Z) * (1 / determinant);
        }
    }
}
