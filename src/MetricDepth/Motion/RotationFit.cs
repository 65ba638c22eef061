using System.Numerics;
using MetricDepth.Geometry;

namespace MetricDepth.Motion;

/// <summary>How well a camera that only turns explains where points went.</summary>
/// <param name="Rotation">Second camera to first.</param>
/// <param name="FocalFactor">The factor on the focal length that explains most.</param>
/// <param name="MedianResidual">Median distance between where a turning camera would see a point and where it is, px.</param>
/// <param name="MovedShare">Share of points that miss by more than <see cref="RotationFit.Noise"/>, 0..1.</param>
/// <param name="MedianFlow">Median distance between a point's two places in the picture, px.</param>
internal readonly record struct RotationFitResult(
    Rotation Rotation, double FocalFactor, double MedianResidual, double MovedShare, double MedianFlow);

/// <summary>
/// The model that any claim of parallax has to beat: the camera turned on the spot, and perhaps zoomed, and pixels moved by the
/// homography K' R K⁻¹ (Hartley and Zisserman, "Multiple View Geometry", 2nd ed., section 8.4). What it leaves over is a lower bound on
/// parallax, for a rotation also absorbs as much of a translation as it can.
/// </summary>
internal static class RotationFit
{
    /// <summary>Misses up to this are tracking noise and a lens that is not quite a pinhole, px.</summary>
    public const double Noise = 1.0;

    /// <summary>
    /// Factors on the assumed focal length that the turning camera may choose from. Even a field of view that the user gave is not
    /// held against it: a telephoto camera that pans looks just like a wide one that slides along a flat wall.
    /// </summary>
    public static ReadOnlySpan<double> AnyLens => [1, 3, 1.5, 0.7, 5, 2, 1.2, 0.85, 0.55];

    private const int ZoomRounds = 4;

    /// <summary>Fits the rotation with the camera as it is.</summary>
    public static RotationFitResult Run(Camera camera, ReadOnlySpan<Vector2> first, ReadOnlySpan<Vector2> second) =>
        Fit(camera, 1, 1, first, second);

    /// <summary>
    /// Fits the rotation for the best of any focal lengths, and lets the lens zoom between the frames. Stops looking once the median
    /// residual is under <paramref name="enough"/>: then a turn is explanation enough.
    /// </summary>
    public static RotationFitResult RunWithAnyLens(Camera camera, ReadOnlySpan<Vector2> first, ReadOnlySpan<Vector2> second, double enough)
    {
        var best = Fit(camera, 1, 1, first, second);
        foreach (double factor in AnyLens[1..])
        {
            if (best.MedianResidual < enough) return best;
            var fit = Fit(camera, factor, 1, first, second);
            if (fit.MedianResidual < best.MedianResidual) best = fit;
        }
        var zoomed = Fit(camera, best.FocalFactor, ZoomRounds, first, second);
        return zoomed.MedianResidual < best.MedianResidual ? zoomed : best;
    }

    private static RotationFitResult Fit(Camera camera, double factor, int rounds, ReadOnlySpan<Vector2> first, ReadOnlySpan<Vector2> second)
    {
        int n = first.Length;
        var k = camera.Scaled(factor);
        var centre = new Vector2((float)k.Cx, (float)k.Cy);
        var sightings = new PointSighting[n];
        var errors = new double[n];
        float zoom = 1;
        var pose = Pose.Identity;
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < n; i++) sightings[i] = new(default, k.Ray(first[i]), 0, centre + (second[i] - centre) / zoom);
            pose = PoseRefinement.Run(k, pose, sightings, 2 * Noise).Pose;
            if (round + 1 < rounds) zoom *= MeasureZoom(k, pose, sightings, centre);
        }
        int moved = 0;
        for (int i = 0; i < n; i++)
        {
            errors[i] = Math.Sqrt(PoseRefinement.SquaredResidual(k, pose, sightings[i])) * zoom;
            moved += errors[i] > Noise ? 1 : 0;
        }
        Array.Sort(errors);
        return new(pose.Rotation, factor, n == 0 ? 0 : errors[n / 2], (double)moved / Math.Max(1, n), MedianFlow(first, second));
    }

    // the factor on distances from the principal point that a robust least squares fit leaves to explain
    private static float MeasureZoom(Camera camera, Pose pose, PointSighting[] sightings, Vector2 centre)
    {
        double product = 0, square = 0;
        foreach (ref readonly var s in sightings.AsSpan())
        {
            if (!camera.Project(pose.Rotation.Transposed * s.Ray, out double u, out double v)) continue;
            double e2 = PoseRefinement.SquaredResidual(camera, pose, s), weight = 1 / (1 + e2 / (4 * Noise * Noise));
            double x = u - centre.X, y = v - centre.Y;
            product += weight * (x * (s.Pixel.X - centre.X) + y * (s.Pixel.Y - centre.Y));
            square += weight * (x * x + y * y);
        }
        return square > 0 ? (float)Math.Clamp(product / square, 0.5, 2) : 1;
    }

    private static double MedianFlow(ReadOnlySpan<Vector2> first, ReadOnlySpan<Vector2> second)
    {
        var flow = new float[first.Length];
        for (int i = 0; i < flow.Length; i++) flow[i] = Vector2.Distance(first[i], second[i]);
        Array.Sort(flow);
        return flow.Length == 0 ? 0 : flow[flow.Length / 2];
    }
}
