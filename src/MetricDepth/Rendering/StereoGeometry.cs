using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// Where one eye sees a pixel of the source camera: column <c>x + Scale · inverseDepth + Offset</c>, same row. Eyes on a
/// horizontal baseline with parallel axes have no vertical disparity.
/// </summary>
/// <param name="Scale">Disparity of a point at 1 m, px·m: focal length times the eye's distance from the source camera. Positive for the left eye.</param>
/// <param name="Offset">Horizontal image shift, px, that brings the convergence distance to the screen.</param>
internal readonly record struct EyeShift(float Scale, float Offset);

/// <summary>The viewer of one frame, and what is left out of its depth mesh.</summary>
/// <param name="Camera">The source camera, at the size of the colour picture.</param>
/// <param name="Baseline">Distance between the eyes, m.</param>
/// <param name="ConvergenceDistance">Depth that appears at the screen, m; null for infinity.</param>
/// <param name="RemoveEdges">Leave out mesh steeper than <see cref="SteepestDegrees"/> to the view ray.</param>
internal sealed record StereoGeometry(Intrinsics Camera, double Baseline, double? ConvergenceDistance, bool RemoveEdges)
{
    /// <summary>Surface whose normal is further than this from the view ray, degrees, is a depth edge and no surface.</summary>
    public const double SteepestDegrees = 85;

    /// <summary>What the picture shows where nothing was seen.</summary>
    public HoleFill HoleFill { get; init; }

    /// <summary>What is done at depth edges.</summary>
    public EdgeTreatment Edges => new(HoleFill, RemoveEdges);

    private readonly Intrinsics? _viewCamera;

    /// <summary>The camera that the viewer's picture is of; the source camera unless the viewer keeps another frame's.</summary>
    public Intrinsics ViewCamera
    {
        get => _viewCamera ?? Camera;
        init => _viewCamera = value;
    }

    /// <summary>The source camera's axes to those of the viewer between the eyes.</summary>
    public Pose SourceToView { get; init; } = Pose.Identity;

    /// <summary>The source camera's axes to those of frame 0's camera, which a background plate is in.</summary>
    public Pose SourceToReference { get; init; } = Pose.Identity;

    /// <summary>Places the eyes.</summary>
    /// <param name="camera">The source camera.</param>
    /// <param name="pupillaryDistance">Distance between the eyes, mm.</param>
    /// <param name="convergenceDistance">Depth that appears at the screen, m; null for infinity.</param>
    /// <param name="removeEdges">Leave out steep mesh.</param>
    public static StereoGeometry Create(Intrinsics camera, double pupillaryDistance, double? convergenceDistance, bool removeEdges) =>
        new(camera, pupillaryDistance / 1000, convergenceDistance, removeEdges);

    /// <summary>The rows as an eye sees them when the viewer is where the source camera was.</summary>
    public EyeShift Shift(Eye eye)
    {
        double scale = -Camera.Fx * Baseline * eye.Position;
        double offset = ConvergenceDistance is { } distance ? -scale / distance : 0;
        return new((float)scale, (float)offset);
    }
}
