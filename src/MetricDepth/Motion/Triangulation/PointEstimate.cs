using System.Numerics;
using System.Runtime.CompilerServices;
using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Triangulation;

/// <summary>What is known of the place of one tracked point: sums over its sightings, so that it takes the same room however often it was seen.</summary>
internal struct PointEstimate
{
    // below this share of the largest, the least eigenvalue is rounding: all rays are one
    private const double LeastSpread = 1e-9;

    // upper triangle of a symmetric 3×3 matrix, and the right side
    private Symmetric3 _matrix;
    private Vector3 _right;

    /// <summary>Where it is; meaningful while <see cref="IsPlaced"/>.</summary>
    public Vector3 Position;

    /// <summary>Whether there is a place.</summary>
    public bool IsPlaced;

    /// <summary>Sightings in all.</summary>
    public int Sightings;

    /// <summary>Sightings that agree with the place.</summary>
    public int Inliers;

    /// <summary>Of these, the ones that are listed.</summary>
    public int Listed;

    /// <summary>The sum of the errors of those, px.</summary>
    public double ErrorSum;

    /// <summary>The least cosine between the direction from the first camera that saw it, and from another.</summary>
    public double LeastCosine;

    private Vector3 _firstDirection;

    /// <summary>Adds a ray: the place is to be near to all of them (their midpoint, in least squares).</summary>
    /// <param name="centre">The camera's.</param>
    /// <param name="direction">Towards the point, length 1.</param>
    public void AddRay(Vector3 centre, Vector3 direction)
    {
        Sightings++;
        var across = Symmetric3.Identity - Symmetric3.Outer(direction);
        _matrix += across;
        _right += across * centre;
    }

    /// <summary>Adds how an error in the picture depends on the place (Gauss-Newton).</summary>
    /// <param name="du">Derivative of the column by the place.</param>
    /// <param name="dv">Derivative of the row.</param>
    /// <param name="error">Error, px.</param>
    /// <param name="weight">Its weight.</param>
    public void AddError(Vector3 du, Vector3 dv, Vector2 error, double weight)
    {
        _matrix += (Symmetric3.Outer(du) + Symmetric3.Outer(dv)) * weight;
        _right -= (du * error.X + dv * error.Y) * weight;
    }

    /// <summary>Puts the point where the rays meet.</summary>
    public void Place()
    {
        IsPlaced = Sightings >= 2 && _matrix.TrySolve(_right, LeastSpread, out Position);
        Begin();
    }

    /// <summary>Moves the point to where the errors are least.</summary>
    public void Move()
    {
        if (IsPlaced && (IsPlaced = _matrix.TrySolve(_right, LeastSpread, out var step))) Position += step;
        Begin();
    }

    /// <summary>Adds a sighting that agrees.</summary>
    public void AddInlier(Vector3 centre, double error, bool isListed)
    {
        var direction = Position - centre;
        direction *= 1 / direction.Length;
        if (Inliers++ == 0) (_firstDirection, LeastCosine) = (direction, 1);
        LeastCosine = Math.Min(LeastCosine, Vector3.Dot(_firstDirection, direction));
        if (!isListed) return;
        Listed++;
        ErrorSum += error;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin() => (_matrix, _right) = (default, default);
}

/// <summary>A symmetric 3×3 matrix: its upper triangle.</summary>
internal readonly record struct Symmetric3(double Xx, double Xy, double Xz, double Yy, double Yz, double Zz)
{
    public static Symmetric3 Identity => new(1, 0, 0, 1, 0, 1);

    /// <summary>v vᵀ.</summary>
    public static Symmetric3 Outer(Vector3 v) => new(v.X * v.X, v.X * v.Y, v.X * v.Z, v.Y * v.Y, v.Y * v.Z, v.Z * v.Z);

    public static Symmetric3 operator +(Symmetric3 a, Symmetric3 b) => new(a.Xx + b.Xx, a.Xy + b.Xy, a.Xz + b.Xz, a.Yy + b.Yy, a.Yz + b.Yz, a.Zz + b.Zz);

    public static Symmetric3 operator -(Symmetric3 a, Symmetric3 b) => new(a.Xx - b.Xx, a.Xy - b.Xy, a.Xz - b.Xz, a.Yy - b.Yy, a.Yz - b.Yz, a.Zz - b.Zz);

    public static Symmetric3 operator *(Symmetric3 a, double s) => new(a.Xx * s, a.Xy * s, a.Xz * s, a.Yy * s, a.Yz * s, a.Zz * s);

    public static Vector3 operator *(Symmetric3 a, Vector3 v) =>
        new(a.Xx * v.X + a.Xy * v.Y + a.Xz * v.Z, a.Xy * v.X + a.Yy * v.Y + a.Yz * v.Z, a.Xz * v.X + a.Yz * v.Y + a.Zz * v.Z);

    /// <summary>Solves for a positive definite matrix (LDLᵀ); false where a pivot is below a share of the trace.</summary>
    public bool TrySolve(Vector3 right, double leastPivot, out Vector3 solution)
    {
        solution = default;
        double least = leastPivot * (Xx + Yy + Zz);
        if (!(Xx > least)) return false;
        double l10 = Xy / Xx, l20 = Xz / Xx, d1 = Yy - l10 * Xy;
        if (!(d1 > least)) return false;
        double c = Yz - l10 * Xz, l21 = c / d1, d2 = Zz - l20 * Xz - l21 * c;
        if (!(d2 > least)) return false;
        double y0 = right.X, y1 = right.Y - l10 * y0, y2 = right.Z - l20 * y0 - l21 * y1;
        double z = y2 / d2, y = y1 / d1 - l21 * z;
        solution = new(y0 / Xx - l10 * y - l20 * z, y, z);
        return double.IsFinite(solution.X + solution.Y + solution.Z);
    }
}
