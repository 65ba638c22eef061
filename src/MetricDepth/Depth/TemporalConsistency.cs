using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Depth;

/// <summary>
/// How much depth differs from one frame to the next once the camera's own motion is taken out: each pixel is moved to where the path
/// puts it in the frame before, and the depth that it should have there is held against the depth found there. The median over pixels
/// leaves out what is hidden in one of the two frames, and what moves.
/// </summary>
internal sealed class TemporalConsistency
{
    // four neighbours further apart than this lie on two surfaces, and are not mixed
    private const float SurfaceStep = 0.05f;

    private readonly Intrinsics _camera;
    private readonly CameraPath _path;
    private readonly RelativeMedian _all = new();
    private Plane<float> _before, _now;
    private int _frame;

    /// <summary>Begins with no frame.</summary>
    /// <param name="camera">The camera at the depth's size.</param>
    /// <param name="path">Its path, in the depth's unit.</param>
    public TemporalConsistency(Intrinsics camera, CameraPath path)
    {
        (_camera, _path) = (camera, path);
        (_before, _now) = (new(camera.Width, camera.Height), new(camera.Width, camera.Height));
    }

    /// <summary>The median relative difference over all frames, 0..1; null before there were two.</summary>
    public double? Median => _all.Value;

    /// <summary>Takes the next frame.</summary>
    /// <param name="depth">Depth, 0 = none; H×W.</param>
    /// <param name="scale">What it is multiplied by to be in the path's unit.</param>
    /// <returns>The median relative difference to the frame before; null for the first frame, and where nothing can be compared.</returns>
    /// <exception cref="MetricDepthException"><c>CameraPathTooShort</c>.</exception>
    public double? Add(ReadOnlySpan<float> depth, double scale)
    {
        if (_frame >= _path.Poses.Count)
            throw new MetricDepthException("CameraPathTooShort", FailureKind.InvalidData,
                $"'{_path.Path}' has {_path.Poses.Count} poses, and the depth video more frames. Give a path with one for each, or -MaxFrames {_path.Poses.Count}.");
        (_before, _now) = (_now, _before);
        for (int i = 0; i < depth.Length; i++) _now.Data[i] = (float)(depth[i] * scale);
        if (_frame++ == 0) return null;
        var differences = new RelativeMedian();
        Compare(new(_path.Poses[_frame - 1], _path.Poses[_frame - 2], _camera), differences);
        _all.Add(differences);
        return differences.Value;
    }

    private void Compare(PlaneWarp warp, RelativeMedian differences)
    {
        int w = _camera.Width, h = _camera.Height;
        var before = _before.Data;
        for (int y = 0; y < h; y++)
        {
            var row = _now.Row(y);
            for (int x = 0; x < w; x++)
            {
                if (!(row[x] > 0)) continue;
                var (u, v, ratio) = warp.Project(x, y, 1 / row[x]);
                if (!(ratio > 0 && u >= 0 && v >= 0 && u < w - 1 && v < h - 1)) continue;
                int at = (int)v * w + (int)u;
                if (Interpolate(before[at], before[at + 1], before[at + w], before[at + w + 1], u - (int)u, v - (int)v) is { } found)
                    differences.Add(Math.Abs(row[x] * ratio - found) / found);
            }
        }
    }

    /// <summary>Depth between four pixels; the nearest one's at the end of a surface; null where there is none.</summary>
    private static float? Interpolate(float a, float b, float c, float d, float x, float y)
    {
        float low = Math.Min(Math.Min(a, b), Math.Min(c, d)), high = Math.Max(Math.Max(a, b), Math.Max(c, d));
        if (low > 0 && high - low <= SurfaceStep * low) return (a * (1 - x) + b * x) * (1 - y) + (c * (1 - x) + d * x) * y;
        float nearest = y < 0.5f ? (x < 0.5f ? a : b) : x < 0.5f ? c : d;
        return nearest > 0 ? nearest : null;
    }
}
