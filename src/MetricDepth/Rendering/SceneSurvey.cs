using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>
/// What there is to see at the beginning: how far away it is, and where the border of what the camera saw lies. Taken from the first
/// frame that holds any depth.
/// </summary>
internal sealed class SceneSurvey
{
    // A clip may begin with a black picture or with a shot without depth, but then it should get going.
    private const int FramesTried = 50;

    // So many rows and columns are looked at: enough for medians and borders.
    private const int GridColumns = 96, GridRows = 64;

    // Sensors see nothing along the border of the picture; further in than this, it is a hole and no border.
    private const double BorderShare = 0.06;

    private readonly Vector3[] _points;
    private readonly Vector3[][] _borders;

    private SceneSurvey(Vector3[] points, Vector3[][] borders)
    {
        (_points, _borders) = (points, borders);
        double[] depths = [.. points.Select(p => p.Z).Order()];
        MedianDepth = depths[depths.Length / 2];
    }

    /// <summary>Median depth, m.</summary>
    public double MedianDepth { get; }

    /// <summary>Looks at a depth video.</summary>
    /// <param name="depth">The depth video.</param>
    /// <param name="camera">Its camera, at any size.</param>
    /// <param name="firstFrame">The frame to begin at.</param>
    /// <param name="minConfidence">The least confidence that counts as depth; null for any.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>Null if the first frames hold no depth.</returns>
    public static SceneSurvey? Take(DepthVideo depth, Intrinsics camera, long firstFrame, double? minConfidence, CancellationToken cancellation)
    {
        using var reader = DepthVideoReader.Open(depth, minConfidence, new() { FirstFrame = firstFrame, MaxFrames = FramesTried }, cancellation);
        var values = new Plane<float>(depth.Width, depth.Height);
        while (reader.Read(values))
            if (Of(values.Span, camera.Resized(depth.Width, depth.Height)) is { } survey) return survey;
        return null;
    }

    /// <summary>Looks at one frame.</summary>
    /// <param name="depth">Depth, m, 0 = none; H×W, row-major.</param>
    /// <param name="camera">The camera at that size.</param>
    /// <returns>Null if it holds no depth.</returns>
    public static SceneSurvey? Of(ReadOnlySpan<float> depth, Intrinsics camera)
    {
        var (width, height) = (camera.Width, camera.Height);
        int[] columns = Positions(width, GridColumns), rows = Positions(height, GridRows);
        var mesh = new DepthMesh(camera);
        List<Vector3> points = [];
        var borders = new List<Vector3>[] { [], [], [], [] };
        foreach (int y in rows)
        {
            foreach (int x in columns)
                if (depth[y * width + x] > 0) points.Add(mesh.Point(x, y, depth[y * width + x]));
            if (First(depth, y * width, 1, width) is { } left) borders[0].Add(mesh.Point(left, y, depth[y * width + left]));
            if (First(depth, y * width + width - 1, -1, width) is { } right)
                borders[1].Add(mesh.Point(width - 1 - right, y, depth[y * width + width - 1 - right]));
        }
        foreach (int x in columns)
        {
            if (First(depth, x, width, height) is { } top) borders[2].Add(mesh.Point(x, top, depth[top * width + x]));
            if (First(depth, (height - 1) * width + x, -width, height) is { } bottom)
                borders[3].Add(mesh.Point(x, height - 1 - bottom, depth[(height - 1 - bottom) * width + x]));
        }
        return points.Count == 0 ? null : new([.. points], [.. borders.Select(b => b.ToArray())]);
    }

    /// <summary>Whether any of the scene lies before a camera and inside its picture.</summary>
    public bool IsInView(Pose sourceToView, Intrinsics camera)
    {
        foreach (var point in _points)
        {
            var p = sourceToView * point;
            if (p.Z > 0 && Math.Abs(p.X * camera.Fx) <= camera.Width / 2.0 * p.Z && Math.Abs(p.Y * camera.Fy) <= camera.Height / 2.0 * p.Z) return true;
        }
        return false;
    }

    /// <summary>
    /// How much of a camera's picture, measured from its middle, is free of the border of what was seen: 1 where all of it is, 0.8 where
    /// the border comes in by a fifth. Single things that stick out over the border are passed over.
    /// </summary>
    public double FreeShare(Pose sourceToView, Intrinsics camera)
    {
        const double PassedOver = 0.1;
        double share = double.PositiveInfinity;
        for (int side = 0; side < _borders.Length; side++)
        {
            double sign = (side & 1) == 0 ? -1 : 1;
            double[] reach =
            [
                .. _borders[side].Select(point => sourceToView * point).Where(p => p.Z > 0)
                    .Select(p => sign * (side < 2 ? p.X * camera.Fx / (camera.Width / 2.0) : p.Y * camera.Fy / (camera.Height / 2.0)) / p.Z).Order(),
            ];
            if (reach.Length > 0) share = Math.Min(share, reach[(int)(reach.Length * PassedOver)]);
        }
        return share;
    }

    private static int? First(ReadOnlySpan<float> depth, int start, int step, int count)
    {
        int limit = (int)Math.Ceiling(count * BorderShare);
        for (int i = 0; i < limit; i++)
            if (depth[start + i * step] > 0) return i;
        return null;
    }

    private static int[] Positions(int size, int most)
    {
        int count = Math.Min(size, most);
        return [.. Enumerable.Range(0, count).Select(i => (int)((i + 0.5) * size / count))];
    }
}
