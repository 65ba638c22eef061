using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>A point of known place, seen by the camera whose pose is wanted.</summary>
/// <param name="Origin">The centre of the camera that first saw it.</param>
/// <param name="Ray">The world direction in which it saw it; the point is Origin + Ray / Rho.</param>
/// <param name="Rho">Inverse depth.</param>
/// <param name="Pixel">Where the camera sees it now, px.</param>
internal readonly record struct PointSighting(Vector3 Origin, Vector3 Ray, double Rho, Vector2 Pixel);

/// <summary>How well a pose explains what its camera sees.</summary>
/// <param name="Pose">Camera to world.</param>
/// <param name="Inliers">Sightings within the inlier distance.</param>
/// <param name="SquaredError">Sum of the inliers' squared residuals, px².</param>
internal readonly record struct PoseFit(Pose Pose, int Inliers, double SquaredError);

/// <summary>The pose of one camera from points of known place: iteratively reweighted Gauss-Newton with damping.</summary>
internal static class PoseRefinement
{
    private const int Iterations = 12;
    private const double MinNoise = 0.1;

    /// <summary>Refines a first guess.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="guess">A pose in the neighbourhood.</param>
    /// <param name="sightings">What it sees.</param>
    /// <param name="inlierDistance">Residuals beyond this are not inliers, px; the robust weight falls off at half of it.</param>
    /// <param name="freedom">How the pose may move.</param>
    public static PoseFit Run(
        Camera camera, Pose guess, ReadOnlySpan<PointSighting> sightings, double inlierDistance, PoseFreedom freedom = PoseFreedom.Free)
    {
        Span<double> a = stackalloc double[36], b = stackalloc double[6], trial = stackalloc double[36], step = stackalloc double[6];
        var pose = guess;
        double width = Math.Max(inlierDistance * 0.5, 4 * RobustSpread(camera, pose, sightings));
        double lambda = 1e-6;
        for (int i = 0; i < Iterations; i++)
        {
            double cost = Linearise(camera, pose, sightings, width, a, b);
            Hold(freedom, a, b);
            bool moved = false;
            for (int attempt = 0; attempt < 5 && !moved; attempt++)
            {
                a.CopyTo(trial);
                b.CopyTo(step);
                for (int d = 0; d < 6; d++) trial[d * 7] += lambda * a[d * 7] + 1e-9;
                if (!NormalEquations.Solve(trial, step)) { lambda *= 10; continue; }
                var next = new Pose(Rotation.Exp(new(step[0], step[1], step[2])) * pose.Rotation, pose.Translation + new Vector3(step[3], step[4], step[5]));
                if (Cost(camera, next, sightings, width) <= cost)
                {
                    pose = next;
                    moved = true;
                    lambda = Math.Max(lambda * 0.1, 1e-9);
                }
                else
                {
                    lambda *= 10;
                }
            }
            bool widthSettled = width <= inlierDistance * 0.5;
            double size = 0;
            for (int d = 0; d < 6; d++) size = Math.Max(size, Math.Abs(step[d]));
            if (widthSettled && (!moved || size < 1e-7)) break;
            // from the spread at the guess down to the noise: far-off guesses need wide weights first
            width = Math.Max(inlierDistance * 0.5, Math.Min(width * 0.4, 4 * RobustSpread(camera, pose, sightings)));
        }
        int inliers = 0;
        double squared = 0;
        foreach (ref readonly var s in sightings)
        {
            double e2 = SquaredResidual(camera, pose, s);
            if (e2 > inlierDistance * inlierDistance) continue;
            inliers++;
            squared += e2;
        }
        return new(pose, inliers, squared);
    }

    /// <summary>How far a pose is known from what agrees with it: standard deviations from the normal equations and the size of the residuals.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="pose">The refined pose.</param>
    /// <param name="sightings">What it sees.</param>
    /// <param name="inlierDistance">As it was refined with, px.</param>
    /// <param name="freedom">As it was refined with.</param>
    /// <returns>Of the centre (root of the trace over the axes; NaN if it is held) and of the rotation, radians; NaN where nothing fixes them.</returns>
    public static (double Position, double Rotation) Deviation(
        Camera camera, Pose pose, ReadOnlySpan<PointSighting> sightings, double inlierDistance, PoseFreedom freedom = PoseFreedom.Free)
    {
        Span<double> a = stackalloc double[36], b = stackalloc double[6], trial = stackalloc double[36], column = stackalloc double[6];
        Linearise(camera, pose, sightings, inlierDistance * 0.5, a, b);
        Hold(freedom, a, b);
        int inliers = 0;
        double squares = 0, turn = 0, move = 0;
        foreach (ref readonly var s in sightings)
        {
            double e2 = SquaredResidual(camera, pose, s);
            if (e2 > inlierDistance * inlierDistance) continue;
            inliers++;
            squares += e2;
        }
        // two coordinates each; never better than tracks can be
        double noise = Math.Max(MinNoise, Math.Sqrt(squares / Math.Max(1, 2 * inliers - 6)));
        for (int d = 0; d < 6; d++)
        {
            a.CopyTo(trial);
            for (int i = 0; i < 6; i++) trial[i * 7] += 1e-12;
            column.Clear();
            column[d] = 1;
            if (!NormalEquations.Solve(trial, column)) return (double.NaN, double.NaN);
            if (d < 3) turn += column[d];
            else if (IsFree(freedom, d)) move += column[d];
        }
        return (freedom == PoseFreedom.RotationOnly ? double.NaN : noise * Math.Sqrt(move), noise * Math.Sqrt(turn));
    }

    private static bool IsFree(PoseFreedom freedom, int parameter) => parameter < 3 || freedom == PoseFreedom.Free || (freedom == PoseFreedom.InPlane && parameter < 5);

    // what may not move gets a unit equation of its own
    private static void Hold(PoseFreedom freedom, Span<double> a, Span<double> b)
    {
        if (freedom == PoseFreedom.Free) return;
        for (int d = 3; d < 6; d++)
        {
            if (IsFree(freedom, d)) continue;
            for (int i = 0; i < 6; i++) a[d * 6 + i] = a[i * 6 + d] = 0;
            a[d * 7] = 1;
            b[d] = 0;
        }
    }

    /// <summary>The squared reprojection error of one sighting, px²; infinite behind the camera.</summary>
    public static double SquaredResidual(Camera camera, Pose pose, in PointSighting s)
    {
        var y = pose.Rotation.Transposed * (s.Ray + (s.Origin - pose.Translation) * s.Rho);
        if (!camera.Project(y, out double u, out double v)) return double.PositiveInfinity;
        return (u - s.Pixel.X) * (u - s.Pixel.X) + (v - s.Pixel.Y) * (v - s.Pixel.Y);
    }

    // Cauchy's function: a walking animal pulls less the farther it is off
    private static double Cost(Camera camera, Pose pose, ReadOnlySpan<PointSighting> sightings, double width)
    {
        double cost = 0;
        foreach (ref readonly var s in sightings)
        {
            double e2 = SquaredResidual(camera, pose, s);
            cost += Math.Log(1 + Math.Min(e2, 1e8) / (width * width));
        }
        return cost;
    }

    private static double Linearise(Camera camera, Pose pose, ReadOnlySpan<PointSighting> sightings, double width, Span<double> a, Span<double> b)
    {
        a.Clear();
        b.Clear();
        double cost = 0;
        var inverse = pose.Rotation.Transposed;
        Span<double> ju = stackalloc double[6], jv = stackalloc double[6];
        foreach (ref readonly var s in sightings)
        {
            var world = s.Ray + (s.Origin - pose.Translation) * s.Rho;
            var y = inverse * world;
            if (!camera.Project(y, out double u, out double v))
            {
                cost += Math.Log(1 + 1e8 / (width * width));
                continue;
            }
            double ru = u - s.Pixel.X, rv = v - s.Pixel.Y, e2 = (ru * ru + rv * rv) / (width * width);
            cost += Math.Log(1 + Math.Min(e2, 1e8 / (width * width)));
            double weight = 1 / (1 + e2), iz = 1 / y.Z;
            var z = new Vector3(inverse.M20, inverse.M21, inverse.M22);
            var au = (new Vector3(inverse.M00, inverse.M01, inverse.M02) - z * (y.X * iz)) * (camera.Fx * iz);
            var av = (new Vector3(inverse.M10, inverse.M11, inverse.M12) - z * (y.Y * iz)) * (camera.Fy * iz);
            Vector3 wu = Vector3.Cross(au, world), wv = Vector3.Cross(av, world);
            (ju[0], ju[1], ju[2], ju[3], ju[4], ju[5]) = (wu.X, wu.Y, wu.Z, -s.Rho * au.X, -s.Rho * au.Y, -s.Rho * au.Z);
            (jv[0], jv[1], jv[2], jv[3], jv[4], jv[5]) = (wv.X, wv.Y, wv.Z, -s.Rho * av.X, -s.Rho * av.Y, -s.Rho * av.Z);
            for (int i = 0; i < 6; i++)
            {
                double p = weight * ju[i], q = weight * jv[i];
                for (int j = 0; j <= i; j++) a[i * 6 + j] += p * ju[j] + q * jv[j];
                b[i] -= p * ru + q * rv;
            }
        }
        return cost;
    }

    private static double RobustSpread(Camera camera, Pose pose, ReadOnlySpan<PointSighting> sightings)
    {
        if (sightings.Length == 0) return 0;
        var errors = new double[sightings.Length];
        for (int i = 0; i < errors.Length; i++) errors[i] = Math.Min(SquaredResidual(camera, pose, sightings[i]), 1e8);
        Array.Sort(errors);
        return Math.Sqrt(errors[errors.Length / 2]);
    }
}
