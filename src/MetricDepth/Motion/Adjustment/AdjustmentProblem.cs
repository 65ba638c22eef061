using System.Numerics;
using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Adjustment;

/// <summary>One camera sees one point.</summary>
/// <param name="Pose">Number of the camera.</param>
/// <param name="Point">Number of the point.</param>
/// <param name="Pixel">Where, px.</param>
/// <param name="Depth">The inverse depth measured there, if any.</param>
/// <param name="Precision">How many times better than an ordinary one; pixel residuals are counted times this.</param>
internal readonly record struct Observation(int Pose, int Point, Vector2 Pixel, MeasuredInverseDepth Depth, double Precision);

/// <summary>
/// Where a point's three numbers count from: a place in the world that does not move during the adjustment, and axes there. The point is
/// Origin + Axes·(x, y, 1)/ρ; with ρ = 0 it is a direction.
/// </summary>
internal readonly record struct PointAnchor(Vector3 Origin, Rotation Axes);

/// <summary>A point in its anchor: direction (x, y, 1) and inverse depth along it.</summary>
internal record struct PointState(double X, double Y, double Rho);

/// <summary>How firmly a frame's depth affinity is expected to be none.</summary>
/// <param name="ScaleDeviation">Standard deviation of the logarithm of the scale; 0: the depth is right as it is.</param>
/// <param name="ShiftDeviation">Standard deviation of the shift, 1/m; 0: there is none.</param>
internal readonly record struct AffinityPrior(double ScaleDeviation, double ShiftDeviation);

/// <summary>What an adjustment does not change.</summary>
internal sealed record AdjustmentProblem
{
    public required PoseFreedom[] Freedoms { get; init; }

    public required AffinityPrior[] Affinities { get; init; }

    public required PointAnchor[] Anchors { get; init; }

    /// <summary>Grouped by point, in order of points.</summary>
    public required Observation[] Observations { get; init; }

    /// <summary>First observation of each point, and the number of all.</summary>
    public required int[] First { get; init; }

    public required AbsolutePrior[] AbsolutePriors { get; init; }

    public required RelativePrior[] RelativePriors { get; init; }

    public required bool IsFocalFree { get; init; }

    public required RobustLoss PixelLoss { get; init; }

    /// <summary>px.</summary>
    public required double PixelWidth { get; init; }

    /// <summary>px; other residuals are counted in their standard deviations times this.</summary>
    public required double PixelDeviation { get; init; }

    /// <summary>px, that is standard deviations of a depth times <see cref="PixelDeviation"/>.</summary>
    public required double DepthWidth { get; init; }

    /// <summary>The most threads to use; -1: as many as there are.</summary>
    public required int Threads { get; init; }

    // a point behind a camera costs as much as a gross miss: it never pays to push one there
    public double BehindCost => PixelWidth * 100;
}

/// <summary>What an adjustment changes.</summary>
internal sealed class AdjustmentState(Camera camera, Pose[] poses, DepthAffinity[] affinities, PointState[] points)
{
    public Camera Camera { get; set; } = camera;

    public Pose[] Poses { get; } = poses;

    public DepthAffinity[] Affinities { get; } = affinities;

    public PointState[] Points { get; } = points;

    public AdjustmentState Clone() => new(Camera, [.. Poses], [.. Affinities], [.. Points]);

    public void CopyFrom(AdjustmentState other)
    {
        Camera = other.Camera;
        other.Poses.CopyTo(Poses, 0);
        other.Affinities.CopyTo(Affinities, 0);
        other.Points.CopyTo(Points, 0);
    }
}
