using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>Where a camera is expected, and how surely.</summary>
/// <param name="Expected">Camera to world.</param>
/// <param name="Rotation">Standard deviation about each axis, radians.</param>
/// <param name="Translation">Standard deviation along each axis, metres.</param>
internal readonly record struct PosePrior(Pose Expected, double Rotation, double Translation);

/// <summary>A pose and how well it explains what its camera sees.</summary>
/// <param name="Pose">Camera to world.</param>
/// <param name="Inliers">Points within the inlier distance.</param>
/// <param name="Trusted">The sum of the inliers' trust.</param>
/// <param name="RotationDeviation">From the normal equations, radians; infinite where the points do not fix it.</param>
/// <param name="PositionDeviation">From the normal equations, metres.</param>
internal readonly record struct FittedPose(Pose Pose, int Inliers, double Trusted, double RotationDeviation, double PositionDeviation);

/// <summary>
/// The pose of one camera from points of known place: damped Gauss-Newton on residuals that are weighed by their covariance, which is a
/// pixel's noise plus what the uncertainty of the point's depth makes of it in this camera; depths read in the frame itself count beside the
/// pixels. Geman and McClure's function holds outliers down, wide at first and then narrower (graduated non-convexity: Blake and Zisserman,
/// "Visual reconstruction", 1987): a crowd that moves as one would still pull under Cauchy's.
/// </summary>
/// <param name="camera">The camera.</param>
/// <param name="tracks">What the tracks are good for.</param>
/// <param name="freedom">Which motions there are.</param>
internal sealed class PoseFitting(Camera camera, TrackNoise tracks, PoseFreedom freedom)
{
    private const int MaxIterations = 15;
    private const double DepthWidth = 3;

    // a miss by more than this says nothing about how far off the pose is
    private const double MaxSquare = 1e8;

    private readonly double _variance = tracks.Deviation * tracks.Deviation;
    private double[] _errors = [];

    /// <summary>Squared misses up to this, in variances, agree with a pose.</summary>
    public double InlierSquare { get; } = tracks.Reach * tracks.Reach;

    /// <summary>Refines a guess.</summary>
    public FittedPose Run(Pose guess, ReadOnlySpan<KnownPoint> points, PosePrior? prior)
    {
        Span<double> a = stackalloc double[36], b = stackalloc double[6], trial = stackalloc double[36], step = stackalloc double[6];
        var pose = freedom switch
        {
            PoseFreedom.RotationOnly => guess with { Translation = default },
            PoseFreedom.InPlane => guess with { Translation = guess.Translation with { Z = 0 } },
            _ => guess,
        };
        double width = Math.Max(tracks.Reach, 4 * MedianDeviations(pose, points)), lambda = 1e-6;
        for (int i = 0; i < MaxIterations; i++)
        {
            double cost = Linearise(pose, points, prior, width, a, b);
            bool moved = false;
            for (int attempt = 0; attempt < 5 && !moved; attempt++)
            {
                a.CopyTo(trial);
                b.CopyTo(step);
                for (int d = 0; d < 6; d++) trial[d * 7] += lambda * a[d * 7] + 1e-9;
                if (NormalEquations.Solve(trial, step))
                {
                    var next = new Pose(Rotation.Exp(new(step[0], step[1], step[2])) * pose.Rotation, pose.Translation + new Vector3(step[3], step[4], step[5]));
                    if (Cost(next, points, prior, width) <= cost)
                    {
                        pose = next;
                        moved = true;
                    }
                }
                lambda = moved ? Math.Max(lambda * 0.1, 1e-9) : lambda * 10;
            }
            double size = 0;
            for (int d = 0; d < 6; d++) size = Math.Max(size, Math.Abs(step[d]));
            if (width <= tracks.Reach && (!moved || size < 1e-6)) break;
            // from the spread at the guess down to the noise: far-off guesses need wide weights first
            width = Math.Max(tracks.Reach, Math.Min(width * 0.4, 4 * MedianDeviations(pose, points)));
        }
        // poses are products of poses: left alone, rounding errors would double with every keyframe
        pose = pose with { Rotation = pose.Rotation.Orthonormalised };
        Linearise(pose, points, prior, tracks.Reach, a, b);
        Deviations(a, out double rotation, out double position);
        int inliers = 0;
        double trusted = 0;
        foreach (ref readonly var p in points)
        {
            if (!(SquaredDeviations(pose, p) <= InlierSquare)) continue;
            inliers++;
            trusted += p.Trust;
        }
        return new(pose, inliers, trusted, rotation, position);
    }

    /// <summary>The squared reprojection error of a point in variances, its own uncertainty allowed for; infinite behind the camera.</summary>
    public double SquaredDeviations(Pose pose, in KnownPoint p)
    {
        var inverse = pose.Rotation.Transposed;
        var y = inverse * (p.Ray + (p.Origin - pose.Translation) * p.Rho);
        if (!camera.Project(y, out double u, out double v)) return double.PositiveInfinity;
        double ru = u - p.Pixel.X, rv = v - p.Pixel.Y, unit = 1 / _variance;
        var m = DepthMotion(inverse * (p.Origin - pose.Translation), y);
        double variance = p.RhoDeviation * p.RhoDeviation, along = ru * m.X + rv * m.Y;
        return unit * (ru * ru + rv * rv - along * along * Absorbed(m, variance));
    }

    /// <summary>The reprojection error of a point, px; infinite behind the camera.</summary>
    public double Error(Pose pose, in KnownPoint p)
    {
        var y = pose.Rotation.Transposed * (p.Ray + (p.Origin - pose.Translation) * p.Rho);
        if (!camera.Project(y, out double u, out double v)) return double.PositiveInfinity;
        return Math.Sqrt((u - p.Pixel.X) * (u - p.Pixel.X) + (v - p.Pixel.Y) * (v - p.Pixel.Y));
    }

    // how the pixel moves with the point's inverse depth; baseline is the host's centre in this camera
    private (double X, double Y) DepthMotion(Vector3 baseline, Vector3 y)
    {
        double iz = 1 / y.Z;
        return (camera.Fx * iz * (baseline.X - y.X * iz * baseline.Z), camera.Fy * iz * (baseline.Y - y.Y * iz * baseline.Z));
    }

    // Sherman-Morrison: (σ² I + v m mᵀ)⁻¹ = (I − k m mᵀ) / σ²
    private double Absorbed((double X, double Y) m, double variance) =>
        variance / (_variance + variance * (m.X * m.X + m.Y * m.Y));

    private double Cost(Pose pose, ReadOnlySpan<KnownPoint> points, PosePrior? prior, double width)
    {
        double cost = 0, unit = 1 / (width * width);
        var inverse = pose.Rotation.Transposed;
        foreach (ref readonly var p in points)
        {
            double e2 = Math.Min(SquaredDeviations(pose, p), MaxSquare);
            cost += p.Trust * e2 / (1 + e2 * unit);
            if (p.Reading.IsKnown && TryReadDepth(inverse, pose.Translation, p, out var d))
                cost += p.Trust * d.Residual * d.Residual / (1 + d.Residual * d.Residual / (DepthWidth * DepthWidth));
        }
        if (prior is { } q)
        {
            PriorResidual(pose, q, out var turn, out var move);
            cost += Vector3.Dot(turn, turn) + Vector3.Dot(move, move);
        }
        return cost;
    }

    private static void PriorResidual(Pose pose, in PosePrior prior, out Vector3 turn, out Vector3 move)
    {
        turn = CameraInterpolation.Log(pose.Rotation * prior.Expected.Rotation.Transposed) * (1 / prior.Rotation);
        move = (pose.Translation - prior.Expected.Translation) * (1 / prior.Translation);
    }

    private readonly record struct DepthResidual(double Residual, Vector3 Turn, Vector3 Move);

    // the depth read in this frame against the point's: inverse depth ρ / y.Z
    private static bool TryReadDepth(in Rotation inverse, Vector3 centre, in KnownPoint p, out DepthResidual residual)
    {
        residual = default;
        var world = p.Ray + (p.Origin - centre) * p.Rho;
        var axis = new Vector3(inverse.M20, inverse.M21, inverse.M22);
        double z = Vector3.Dot(axis, world);
        if (!(z > 1e-3) || !(p.Rho > 0)) return false;
        double byRho = 1 / z - p.Rho * Vector3.Dot(axis, p.Origin - centre) / (z * z);
        double own = byRho * p.RhoDeviation, unit = 1 / Math.Sqrt(p.Reading.Deviation * p.Reading.Deviation + own * own);
        double slope = p.Rho / (z * z) * unit;
        residual = new((p.Rho / z - p.Reading.Value) * unit, Vector3.Cross(axis, world) * -slope, axis * (p.Rho * slope));
        return true;
    }

    private double Linearise(Pose pose, ReadOnlySpan<KnownPoint> points, PosePrior? prior, double width, Span<double> a, Span<double> b)
    {
        a.Clear();
        b.Clear();
        double cost = 0, unit = 1 / _variance;
        var inverse = pose.Rotation.Transposed;
        Span<double> ju = stackalloc double[6], jv = stackalloc double[6];
        foreach (ref readonly var p in points)
        {
            var offset = p.Origin - pose.Translation;
            var world = p.Ray + offset * p.Rho;
            var y = inverse * world;
            if (!camera.Project(y, out double u, out double v))
            {
                cost += p.Trust * MaxSquare / (1 + MaxSquare / (width * width));
                continue;
            }
            double ru = u - p.Pixel.X, rv = v - p.Pixel.Y, iz = 1 / y.Z;
            var m = DepthMotion(inverse * offset, y);
            double k = Absorbed(m, p.RhoDeviation * p.RhoDeviation), along = ru * m.X + rv * m.Y;
            double e2 = Math.Min(unit * (ru * ru + rv * rv - along * along * k), MaxSquare);
            double near = 1 / (1 + e2 / (width * width));
            cost += p.Trust * e2 * near;
            double weight = p.Trust * unit * near * near;
            var z = new Vector3(inverse.M20, inverse.M21, inverse.M22);
            var au = (new Vector3(inverse.M00, inverse.M01, inverse.M02) - z * (y.X * iz)) * (camera.Fx * iz);
            var av = (new Vector3(inverse.M10, inverse.M11, inverse.M12) - z * (y.Y * iz)) * (camera.Fy * iz);
            Fill(ju, Vector3.Cross(au, world), au * -p.Rho);
            Fill(jv, Vector3.Cross(av, world), av * -p.Rho);
            Add(a, b, ju, ru, weight);
            Add(a, b, jv, rv, weight);
            if (k > 0)
            {
                for (int i = 0; i < 6; i++) ju[i] = m.X * ju[i] + m.Y * jv[i];
                Add(a, b, ju, along, -weight * k);
            }
            if (!p.Reading.IsKnown || !TryReadDepth(inverse, pose.Translation, p, out var depth)) continue;
            double d2 = depth.Residual * depth.Residual / (DepthWidth * DepthWidth);
            cost += p.Trust * depth.Residual * depth.Residual / (1 + d2);
            Fill(ju, depth.Turn, depth.Move);
            Add(a, b, ju, depth.Residual, p.Trust / ((1 + d2) * (1 + d2)));
        }
        if (prior is { } q)
        {
            PriorResidual(pose, q, out var turn, out var move);
            cost += Vector3.Dot(turn, turn) + Vector3.Dot(move, move);
            Fill(ju, turn * (1 / q.Rotation), move * (1 / q.Translation));
            for (int i = 0; i < 6; i++)
            {
                double s = i < 3 ? q.Rotation : q.Translation;
                a[i * 7] += 1 / (s * s);
                b[i] -= ju[i];
            }
        }
        Restrain(a, b);
        return cost;
    }

    // a motion that does not exist is a row by itself
    private void Restrain(Span<double> a, Span<double> b)
    {
        int first = freedom switch { PoseFreedom.Free => 6, PoseFreedom.InPlane => 5, PoseFreedom.RotationOnly => 3, _ => 0 };
        for (int i = first; i < 6; i++)
        {
            for (int j = 0; j < 6; j++) a[i * 6 + j] = a[j * 6 + i] = 0;
            a[i * 7] = 1;
            b[i] = 0;
        }
    }

    private void Deviations(Span<double> a, out double rotation, out double position)
    {
        Span<double> factor = stackalloc double[36], column = stackalloc double[6];
        rotation = position = 0;
        int free = freedom switch { PoseFreedom.Free => 6, PoseFreedom.InPlane => 5, PoseFreedom.RotationOnly => 3, _ => 0 };
        for (int i = 0; i < free; i++)
        {
            a.CopyTo(factor);
            column.Clear();
            column[i] = 1;
            if (!NormalEquations.Solve(factor, column))
            {
                rotation = position = double.PositiveInfinity;
                return;
            }
            if (i < 3) rotation += column[i];
            else position += column[i];
        }
        rotation = Math.Sqrt(rotation);
        position = Math.Sqrt(position);
    }

    private static void Fill(Span<double> j, Vector3 turn, Vector3 move) =>
        (j[0], j[1], j[2], j[3], j[4], j[5]) = (turn.X, turn.Y, turn.Z, move.X, move.Y, move.Z);

    private static void Add(Span<double> a, Span<double> b, ReadOnlySpan<double> j, double residual, double weight)
    {
        for (int r = 0; r < 6; r++)
        {
            double wr = weight * j[r];
            for (int c = 0; c <= r; c++) a[r * 6 + c] += wr * j[c];
            b[r] -= wr * residual;
        }
    }

    private double MedianDeviations(Pose pose, ReadOnlySpan<KnownPoint> points)
    {
        if (points.Length == 0) return 0;
        if (_errors.Length < points.Length) _errors = new double[points.Length * 2];
        for (int i = 0; i < points.Length; i++) _errors[i] = Math.Min(SquaredDeviations(pose, points[i]), MaxSquare);
        var errors = _errors.AsSpan(0, points.Length);
        errors.Sort();
        return Math.Sqrt(errors[errors.Length / 2]);
    }
}
