using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>
/// Where a scene is, standing upright: its axes (x right, y down, z the level direction in which the camera looked) and the box that
/// holds it without its strays.
/// </summary>
/// <param name="Axes">Rows: right, down and ahead, unit vectors in the axes of the scene.</param>
/// <param name="Least">The box's least corner along these axes, m.</param>
/// <param name="Most">Its greatest corner, m.</param>
internal sealed record UprightBox(Rotation Axes, Vector3 Least, Vector3 Most)
{
    // strays are few: a hundredth at either end of each axis is not looked at
    private const double StrayShare = 0.01;
    private const int MostSamples = 200_000;
    private const double Undecided = 1e-3;

    // Some milliseconds' work; a multiple of 3, as numbers of corners are.
    private const int Stretch = 3 << 16;

    // Floors and tables lie level. What faces up within these angles of the camera's up says where up is, each time surer.
    private static readonly double[] LevelAngles = [35, 20, 10];
    private const double LeastLevelShare = 0.04;

    /// <summary>Whether a place, along the box's axes, is in it.</summary>
    public bool Holds(Vector3 place) =>
        place.X >= Least.X && place.Y >= Least.Y && place.Z >= Least.Z && place.X <= Most.X && place.Y <= Most.Y && place.Z <= Most.Z;

    /// <summary>Finds it.</summary>
    /// <param name="surface">The scene.</param>
    /// <param name="gaze">The cameras that took it, in the axes of the scene.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static UprightBox Of(PreviewSurface surface, MeanGaze gaze, CancellationToken cancellation)
    {
        var down = Levelled(surface, Direction(gaze.Down, new(0, 1, 0)), cancellation);
        // a camera that looked straight down, or all round, has no direction of its own
        var ahead = Direction(Level(gaze.Ahead.Length > Undecided ? gaze.Ahead.Normalized : default, down), Direction(Level(new(0, 0, 1), down), new(1, 0, 0)));
        var right = Vector3.Cross(down, ahead);
        var axes = new Rotation(right.X, right.Y, right.Z, down.X, down.Y, down.Z, ahead.X, ahead.Y, ahead.Z);
        return Around(surface, axes);
    }

    private static Vector3 Level(Vector3 v, Vector3 down) => v - down * Vector3.Dot(v, down);

    private static Vector3 Direction(Vector3 v, Vector3 otherwise) => v.Length > Undecided ? v.Normalized : otherwise;

    private static UprightBox Around(PreviewSurface surface, Rotation axes)
    {
        int step = Math.Max(1, surface.VertexCount / MostSamples), count = (surface.VertexCount + step - 1) / step;
        double[] x = new double[count], y = new double[count], z = new double[count];
        for (int i = 0; i < count; i++)
        {
            var p = surface.Positions.Slice(3 * i * step, 3);
            (x[i], y[i], z[i]) = axes * new Vector3(p[0], p[1], p[2]);
        }
        int stray = (int)(StrayShare * (count - 1));
        Array.Sort(x);
        Array.Sort(y);
        Array.Sort(z);
        return new(axes, new(x[stray], y[stray], z[stray]), new(x[^(stray + 1)], y[^(stray + 1)], z[^(stray + 1)]));
    }

    private static Vector3 Levelled(PreviewSurface surface, Vector3 down, CancellationToken cancellation)
    {
        var positions = surface.Positions;
        var triangles = surface.Triangles;
        var found = down;
        foreach (double angle in LevelAngles)
        {
            double limit = Math.Cos(angle * Math.PI / 180), all = 0;
            Vector3 sum = default;
            for (int t = 0; t < triangles.Length; t += 3)
            {
                if (t % Stretch == 0) cancellation.ThrowIfCancellationRequested();
                var area = PreviewSurface.DoubleArea(positions, triangles.Slice(t, 3));
                var normal = new Vector3(area.X, area.Y, area.Z);
                all += normal.Length;
                // floors face up
                if (Vector3.Dot(normal, found) < -limit * normal.Length) sum -= normal;
            }
            if (!(sum.Length > LeastLevelShare * all)) break;
            found = sum.Normalized;
        }
        return found;
    }
}
