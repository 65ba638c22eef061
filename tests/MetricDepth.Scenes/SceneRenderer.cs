using System.Numerics;
using System.Runtime.Intrinsics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Scenes.Shading;
using MetricDepth.Scenes.Tracing;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Scenes;

/// <summary>
/// Draws one view. A ray through each pixel's centre gives the exact depth, and rays through pixel corners tell where a pixel
/// holds more than one face. Such pixels get sixteen rays, every face found is shaded once and weighted by its share;
/// all others are shaded once with the texture filtered over the pixel.
/// </summary>
internal sealed class SceneRenderer
{
    private const int BandHeight = 16;
    private const int MaxFaces = 16;
    private readonly SceneView _view;
    private readonly float _exposure;
    private readonly Plane<uint> _color;
    private readonly Plane<float> _depth;
    private readonly Plane<byte> _objects;

    private SceneRenderer(SceneView view, float exposure)
    {
        _view = view;
        _exposure = exposure;
        int w = view.Camera.Width, h = view.Camera.Height;
        _color = new(w, h);
        _depth = new(w, h);
        _objects = new(w, h);
    }

    public static (Plane<uint> Color, Plane<float> Depth, Plane<byte> Objects) Render(SceneView view, float exposure, int threads)
    {
        var r = new SceneRenderer(view, exposure);
        int bands = (view.Camera.Height + BandHeight - 1) / BandHeight;
        Parallel.For(0, bands, new() { MaxDegreeOfParallelism = threads }, b => r.Band(b * BandHeight, Math.Min(view.Camera.Height, (b + 1) * BandHeight)));
        return (r._color, r._depth, r._objects);
    }

    private void Band(int top, int bottom)
    {
        int w = _color.Width;
        Span<int> candidates = stackalloc int[_view.Solids.Count];
        candidates = candidates[.._view.Candidates(top - 1, bottom + 1, candidates)];
        int padded = (w + 8) / 8 * 8;
        int[] above = new int[padded], below = new int[padded], centers = new int[padded];
        TraceRow(candidates, -0.5f, top - 0.5f, above);
        for (int y = top; y < bottom; y++)
        {
            TraceRow(candidates, -0.5f, y + 0.5f, below);
            TraceRow(candidates, 0, y, centers);
            for (int x = 0; x < w; x++)
            {
                int id = centers[x];
                if (id >= 0)
                {
                    var (o, d) = _view.UnitRay(id >> 3, x, y);
                    _depth[x, y] = (float)_view.Solids[id >> 3].Distance(id & 7, o, d);
                    _objects[x, y] = _view.Solids[id >> 3].Object;
                }
                bool whole = id == above[x] && id == above[x + 1] && id == below[x] && id == below[x + 1];
                _color[x, y] = ToneMap.Encode((whole ? Shade(id, x, y) : Mixed(candidates, x, y)) * _exposure);
            }
            (above, below) = (below, above);
        }
    }

    private void TraceRow(ReadOnlySpan<int> candidates, float x0, float y, Span<int> ids)
    {
        var step = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        for (int x = 0; x < ids.Length; x += 8)
            _view.Trace(candidates, step + Vector256.Create(x0 + x), Vector256.Create(y), x0 + x, x0 + x + 7).CopyTo(ids[x..]);
    }

    private Vector4 Mixed(ReadOnlySpan<int> candidates, int x, int y)
    {
        Span<int> ids = stackalloc int[MaxFaces];
        var dx = Vector256.Create(-0.375f, -0.125f, 0.125f, 0.375f, -0.375f, -0.125f, 0.125f, 0.375f);
        var dy = Vector256.Create(-0.375f, -0.375f, -0.375f, -0.375f, -0.125f, -0.125f, -0.125f, -0.125f);
        _view.Trace(candidates, dx + Vector256.Create((float)x), dy + Vector256.Create((float)y), x - 0.5f, x + 0.5f).CopyTo(ids);
        _view.Trace(candidates, dx + Vector256.Create((float)x), dy + Vector256.Create(y + 0.5f), x - 0.5f, x + 0.5f).CopyTo(ids[8..]);
        var sum = Vector4.Zero;
        for (int i = 0; i < 16; i++)
        {
            int id = ids[i];
            if (id < 0) continue;
            int count = 0;
            double sx = 0, sy = 0;
            for (int j = i; j < 16; j++)
            {
                if (ids[j] != id) continue;
                ids[j] = SceneView.NoFace;
                count++;
                sx += (j & 3) * 0.25 - 0.375;
                sy += (j >> 2) * 0.25 - 0.375;
            }
            sum += Shade(id, x + sx / count, y + sy / count) * count;
        }
        return sum * (1f / 16);
    }

    private Vector4 Shade(int id, double x, double y)
    {
        if (id < 0) return Vector4.Zero;
        var solid = _view.Solids[id >> 3];
        int face = id & 7;
        var (o, d) = _view.UnitRay(id >> 3, x, y);
        double t = solid.Distance(face, o, d);
        var at = solid.At(face, o + d * t);
        var material = solid.MaterialOf(face);
        // how the point moves over the tangent plane from one pixel to the next
        var ray = _view.Ray(x, y);
        double cos = Vector3.Dot(at.Normal, ray);
        if (Math.Abs(cos) < 0.02) cos = cos < 0 ? -0.02 : 0.02;
        var stepX = Step(1 / _view.Camera.Fx, 0);
        var stepY = Step(0, 1 / _view.Camera.Fy);
        float scaleU = material.Tile > 0 ? 1 / material.Tile : (float)(1 / at.SizeU), scaleV = material.Tile > 0 ? 1 / material.Tile : (float)(1 / at.SizeV);
        float u, v;
        if (material.Tile > 0) (u, v) = ((float)at.U * scaleU + material.Shift.X, (float)at.V * scaleV + material.Shift.Y);
        else (u, v) = ((float)at.S, (float)at.T);
        Vector2 perX = new((float)Vector3.Dot(stepX, at.AlongU) * scaleU, (float)Vector3.Dot(stepX, at.AlongV) * scaleV);
        Vector2 perY = new((float)Vector3.Dot(stepY, at.AlongU) * scaleU, (float)Vector3.Dot(stepY, at.AlongV) * scaleV);
        var color = material.Texture.Sample(u, v, perX, perY) * material.Tint;
        if (material.Weathering > 0)
        {
            float scale = material.Tile * 0.37f;
            color *= 1 + material.Weathering * Weather.At(u * scale, v * scale, perX * scale, perY * scale);
        }
        return material.Emission > 0 ? color * material.Emission : color * solid.Light[face].Sample(at.S, at.T);

        Vector3 Step(double ax, double ay)
        {
            var turn = _view.CameraToWorld.Rotation * new Vector3(ax, ay, 0);
            return (turn - ray * (Vector3.Dot(at.Normal, turn) / cos)) * t;
        }
    }
}
