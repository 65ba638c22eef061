using System.Numerics;
using MetricDepth.Geometry;

namespace MetricDepth.Motion;

/// <summary>How well a camera that only turns explains where points went.</summary>
/// <param name="Rotation">Second camera to first.</param>
/// <param name="FocalFactor">The factor on the focal length that explains most.</param>
/// <param name="MedianResidual">Median distance between where a turning camera would see a point and where it is, px.</param>
/// <param name="MovedShare">Share of points that miss by more than <see cref="RotationFit.Noise"/>, 0..1.</param>
internal readonly record struct RotationFitResult(Rotation Rotation, double FocalFactor, double MedianResidual, double MovedShare);

/// <summary>
/// The model that any claim of parallax has to beat: the camera turned on the spot and pixels moved by the homography
/// K R K⁻¹ (Hartley and Zisserman, "Multiple View Geometry", 2nd ed., section 8.4). What it leaves over is a lower bound on parallax,
/// for a rotation also absorbs as much of a translation as it can.
/// </summary>
internal static class RotationFit
{
    /// <summary>Misses up to this are tracking noise and a lens that is not quite a pinhole, px.</summary>
    public const double Noise = 1.5;

    /// <summary>Fits the rotation, for the best of the focal lengths offered.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="focalFactors">Factors on its focal length to try, 1 first.</param>
    /// <param name="first">Points in the first frame, px.</param>
    /// <param name="second">The same points in the second.</param>
    public static RotationFitResult Run(Camera camera, ReadOnlySpan<double> focalFactors, ReadOnlySpan<Vector2> first, ReadOnlySpan<Vector2> second)
    {
        var best = new RotationFitResult(Rotation.Identity, 1, double.PositiveInfinity, 1);
        var sightings = new PointSighting[first.Length];
        var errors = new double[first.Length];
        foreach (double factor in focalFactors)
        {
            var k = camera.Scaled(factor);
            for (int i = 0; i < first.Length; i++) sightings[i] = new(default, k.Ray(first[i]), 0, second[i]);
            var pose = PoseRefinement.Run(k, Pose.Identity, sightings, 2 * Noise).Pose;
            int moved = 0;
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i] = Math.Sqrt(PoseRefinement.SquaredResidual(k, pose, sightings[i]));
                moved += errors[i] > Noise ? 1 : 0;
            }
            Array.Sort(errors);
            double median = errors.Length == 0 ? 0 : errors[errors.Length / 2];
            if (median < best.MedianResidual) best = new(pose.Rotation, factor, median, (double)moved / Math.Max(1, errors.Length));
        }
        return best;
    }
}
