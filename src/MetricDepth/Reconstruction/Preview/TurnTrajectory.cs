using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>A viewer who goes once round a scene, raised, and looks at its middle; he begins where the camera stood that took it.</summary>
internal sealed class TurnTrajectory
{
    private const double ElevationDegrees = 28;
    private const double Margin = 1.05;
    private const int AnglesLookedAt = 48, MostSamples = 1500, PivotRefinements = 4;

    private readonly Rotation _axes;
    private readonly Vector3 _pivot; // along the box's axes
    private readonly double _distance;

    /// <summary>Chooses what he goes round and how far away he stays: as near as lets him see everything in the box from everywhere.</summary>
    /// <param name="surface">The scene.</param>
    /// <param name="box">Where it is.</param>
    /// <param name="camera">The viewer's camera.</param>
    public TurnTrajectory(PreviewSurface surface, UprightBox box, Intrinsics camera)
    {
        _axes = box.Axes;
        double across = camera.Width / (2 * camera.Fx * Margin), along = camera.Height / (2 * camera.Fy * Margin);
        var places = Samples(surface, box);
        _pivot = (box.Least + box.Most) * 0.5;
        _distance = Distance(places, _pivot, across, along);
        // the middle of the box is not the best place to go round where the box is not filled evenly
        var step = (box.Most - box.Least) * 0.125;
        for (int i = 0; i < PivotRefinements; i++, step *= 0.5)
            foreach (var shift in (ReadOnlySpan<Vector3>)[new(step.X, 0, 0), new(0, step.Y, 0), new(0, 0, step.Z)])
                foreach (int sign in (ReadOnlySpan<int>)[1, -1])
                {
                    var pivot = _pivot + shift * sign;
                    double distance = Distance(places, pivot, across, along);
                    if (distance < _distance) (_pivot, _distance) = (pivot, distance);
                }
    }

    /// <summary>Nothing nearer to the viewer needs to be drawn, m.</summary>
    public float Near => (float)(_distance * 1e-3);

    /// <summary>The viewer's camera to the axes of the scene.</summary>
    /// <param name="share">How much of the round is done, 0..1; 1 is 0 again.</param>
    public Pose At(double share)
    {
        var level = Orientation(share);
        return new(_axes.Transposed * level, _axes.Transposed * (_pivot - level * new Vector3(0, 0, _distance)));
    }

    private static double Distance(List<Vector3> places, Vector3 pivot, double across, double along)
    {
        double least = 1e-3;
        for (int i = 0; i < AnglesLookedAt; i++)
        {
            // of a camera at the pivot that looks as it does there; moving back by d adds d to every depth
            var toCamera = Orientation((double)i / AnglesLookedAt).Transposed;
            foreach (var place in places)
            {
                var p = toCamera * (place - pivot);
                least = Math.Max(least, Math.Max(Math.Abs(p.X) / across, Math.Abs(p.Y) / along) - p.Z);
            }
        }
        return least;
    }

    // places of the surface in the box, along its axes
    private static List<Vector3> Samples(PreviewSurface surface, UprightBox box)
    {
        List<Vector3> samples = [];
        int step = Math.Max(1, surface.VertexCount / MostSamples);
        for (int i = 0; i < surface.VertexCount; i += step)
        {
            var at = surface.Positions.Slice(3 * i, 3);
            var p = box.Axes * new Vector3(at[0], at[1], at[2]);
            if (box.Holds(p)) samples.Add(p);
        }
        return samples;
    }

    // camera to the box's axes: turned about the vertical, then tilted down
    private static Rotation Orientation(double share) =>
        Rotation.Exp(new(0, 2 * Math.PI * share, 0)) * Rotation.Exp(new(-ElevationDegrees * Math.PI / 180, 0, 0));
}
