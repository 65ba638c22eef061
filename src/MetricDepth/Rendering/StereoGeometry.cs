using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// Where one eye sees a pixel of the source camera: column <c>x + Scale · inverseDepth + Offset</c>, same row. Eyes on a
/// horizontal baseline with parallel axes have no vertical disparity.
/// </summary>
/// <param name="Scale">Disparity of a point at 1 m, px·m: focal length times the eye's distance from the source camera. Positive for the left eye.</param>
/// <param name="Offset">Horizontal image shift, px, that brings the convergence distance to the screen.</param>
internal readonly record struct EyeShift(float Scale, float Offset);

/// <summary>The two eyes around the source camera, and what is left out of its depth mesh.</summary>
/// <param name="Camera">The source camera, at the size of the colour picture.</param>
/// <param name="Left">The eye half the pupillary distance to the left.</param>
/// <param name="Right">The eye half the pupillary distance to the right.</param>
/// <param name="RemoveEdges">Leave out mesh steeper than <see cref="SteepestDegrees"/> to the view ray.</param>
internal sealed record StereoGeometry(Intrinsics Camera, EyeShift Left, EyeShift Right, bool RemoveEdges)
{
    /// <summary>Surface whose normal is further than this from the view ray, degrees, is a depth edge and no surface.</summary>
    public const double SteepestDegrees = 85;

    /// <summary>Places the eyes.</summary>
    /// <param name="camera">The source camera.</param>
    /// <param name="pupillaryDistance">Distance between the eyes, mm.</param>
    /// <param name="convergenceDistance">Depth that appears at the screen, m; null for infinity.</param>
    /// <param name="removeEdges">Leave out steep mesh.</param>
    public static StereoGeometry Create(Intrinsics camera, double pupillaryDistance, double? convergenceDistance, bool removeEdges)
    {
        double scale = camera.Fx * pupillaryDistance / 1000 / 2;
        double offset = convergenceDistance is { } distance ? -scale / distance : 0;
        return new(camera, new((float)scale, (float)offset), new(-(float)scale, -(float)offset), removeEdges);
    }
}
