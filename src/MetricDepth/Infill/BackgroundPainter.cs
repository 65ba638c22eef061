using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Infill;

/// <summary>
/// Puts what other frames have seen of the background into the holes of a view. Points are drawn as small soft discs with a depth
/// test. They are held against the picture around the hole: nothing comes before the surface at the hole's rim, nothing is seen
/// through the wall behind it, nothing stands where the frame itself looked through; and brightness is matched where both are
/// seen. One instance per worker.
/// </summary>
/// <param name="plate">The background.</param>
/// <param name="width">Width of the views, px.</param>
/// <param name="height">Height of the views, px.</param>
internal sealed class BackgroundPainter(BackgroundClusters plate, int width, int height)
{
    private const int TileBits = 4, TileSide = 1 << TileBits;
    private const int Lanes = 8;
    private const float Nearest = 1e-3f;

    // A cluster wider than a quarter of its distance is not judged by its middle; otherwise its scale varies by less than this.
    private const float NearCluster = 0.25f, Oblique = 2;

    // Inverse depths this much apart are one surface.
    private const float SameSurface = 0.04f;
    private const float BehindRim = 1.25f;

    private readonly HoleRegion _region = new(width, height);
    private readonly int _tilesAcross = (width >> TileBits) + 1, _tilesDown = (height >> TileBits) + 1;
    private readonly int[] _tiles = new int[((width >> TileBits) + 2) * ((height >> TileBits) + 2)];
    private readonly List<Splat> _splats = [];
    private float[] _nearest = [];
    private PlateSample[] _samples = [];

    /// <summary>Fills what it can; filled pixels are no holes any more.</summary>
    /// <param name="view">The view, drawn.</param>
    /// <param name="projection">How it shows what is before it.</param>
    /// <param name="referenceToView">Frame 0's camera to the view's.</param>
    /// <param name="source">The frame that the view was drawn from.</param>
    /// <param name="sourceCamera">The frame's camera.</param>
    /// <param name="referenceToSource">Frame 0's camera to the frame's.</param>
    public void Fill(ViewImage view, Projection projection, Pose referenceToView, SourceImage source, Intrinsics sourceCamera, Pose referenceToSource)
    {
        if (!_region.Find(view)) return;
        SumTiles();
        if (_nearest.Length < _region.Count) (_nearest, _samples) = (new float[_region.Count * 5 / 4], new PlateSample[_region.Count * 5 / 4]);
        _nearest.AsSpan(0, _region.Count).Clear();
        _samples.AsSpan(0, _region.Count).Clear();
        _splats.Clear();
        var free = new FreeSpace(source, sourceCamera, referenceToSource);
        Project(projection, new(referenceToView), free);
        foreach (ref readonly var splat in CollectionsMarshal.AsSpan(_splats)) Blend(splat);
        for (int i = 0; i < _region.Count; i++)
            if (_samples[i].Weight > 0)
            {
                _samples[i].Normalize();
                // Discs reach beyond the last point; and the frame tells where a thing really ends.
                if (_samples[i].IsBeyond || free.Contains(_samples[i].InFrame)) _samples[i] = default;
            }
        _region.Measure(view, _samples);
        Paint(view);
    }

    // How many tiles up and left of each hold a hole: whether a box of tiles holds one is then four numbers.
    private void SumTiles()
    {
        int stride = _tilesAcross + 1;
        Array.Clear(_tiles);
        foreach (int pixel in _region.Pixels) _tiles[((pixel / width >> TileBits) + 1) * stride + (pixel % width >> TileBits) + 1] = 1;
        for (int y = 1; y <= _tilesDown; y++)
            for (int x = 1; x <= _tilesAcross; x++)
                _tiles[y * stride + x] += _tiles[(y - 1) * stride + x] + _tiles[y * stride + x - 1] - _tiles[(y - 1) * stride + x - 1];
    }

    private bool IsWanted(float left, float right, float top, float bottom)
    {
        if (!(right >= 0 && bottom >= 0 && left <= width - 1 && top <= height - 1)) return false;
        int x0 = (int)Math.Max(0, left) >> TileBits, x1 = ((int)Math.Min(width - 1, right) >> TileBits) + 1;
        int y0 = (int)Math.Max(0, top) >> TileBits, y1 = ((int)Math.Min(height - 1, bottom) >> TileBits) + 1;
        int stride = _tilesAcross + 1;
        return _tiles[y1 * stride + x1] - _tiles[y0 * stride + x1] - _tiles[y1 * stride + x0] + _tiles[y0 * stride + x0] > 0;
    }

    private void Project(Projection projection, RigidMotion toView, FreeSpace free)
    {
        var points = plate.Points;
        Span<float> x = stackalloc float[Lanes], y = stackalloc float[Lanes], z = stackalloc float[Lanes];
        foreach (ref readonly var cluster in plate.Clusters)
        {
            var c = toView.Apply(cluster.Centre);
            float scale = PixelsToMetre(projection, c, cluster.Spacing, out float u, out float v, out float distance);
            if (distance <= -cluster.Radius) continue;
            // near enough, a cluster may be anywhere in the picture
            if (distance * NearCluster > cluster.Radius)
            {
                float reach = cluster.Radius * scale * Oblique + Splat.Reach(cluster.Spacing * scale);
                if (!IsWanted(u - reach, u + reach, v - reach, v + reach)) continue;
            }
            for (int first = 0; first < cluster.Count; first += Lanes)
            {
                int count = Math.Min(Lanes, cluster.Count - first);
                var some = points.Slice(cluster.First + first, count);
                for (int i = 0; i < count; i++)
                {
                    var p = toView.Apply(some[i].X, some[i].Y, some[i].Z);
                    (x[i], y[i], z[i]) = (p.X, p.Y, p.Z);
                }
                projection.Project(Vector256.Create<float>(x), Vector256.Create<float>(y), Vector256.Create<float>(z), out var column, out var row, out var depth);
                for (int i = 0; i < count; i++)
                {
                    if (!(depth[i] > Nearest)) continue;
                    float inverse = 1 / depth[i];
                    var splat = new Splat(column[i], row[i], inverse, Splat.Reach(cluster.Spacing * scale * distance * inverse), some[i].Color, default);
                    if (!IsWanted(splat.X - splat.Radius, splat.X + splat.Radius, splat.Y - splat.Radius, splat.Y + splat.Radius)) continue;
                    splat = splat with { InFrame = free.Locate(some[i]) };
                    if (!free.Contains(splat.InFrame) && Touch(splat)) _splats.Add(splat);
                }
            }
        }
    }

    // How long a metre beside a point is in the picture, px: the longer of two directions across the view.
    private static float PixelsToMetre(Projection projection, Vector3 p, float step, out float u, out float v, out float distance)
    {
        projection.Project(
            Vector256.Create(p.X) + Vector256.Create(0, step, 0, 0, 0, 0, 0, 0),
            Vector256.Create(p.Y) + Vector256.Create(0, 0, step, 0, 0, 0, 0, 0),
            Vector256.Create(p.Z), out var columns, out var rows, out var distances);
        (u, v, distance) = (columns[0], rows[0], distances[0]);
        return Math.Max(Length(columns[1] - u, rows[1] - v), Length(columns[2] - u, rows[2] - v)) / step;
    }

    private static float Length(float x, float y) => MathF.Sqrt(x * x + y * y);

    private bool Touch(in Splat splat)
    {
        if (!splat.Cover(width, height, out int x0, out int x1, out int y0, out int y1)) return false;
        bool touched = false;
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++)
            {
                int i = _region.IndexOf(x, y);
                if (i < 0 || splat.Weight(x, y) < Splat.LeastCover) continue;
                touched = true;
                if (splat.InverseDepth > _nearest[i]) _nearest[i] = splat.InverseDepth;
            }
        return touched;
    }

    private void Blend(in Splat splat)
    {
        if (!splat.Cover(width, height, out int x0, out int x1, out int y0, out int y1)) return;
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++)
            {
                int i = _region.IndexOf(x, y);
                if (i >= 0 && _nearest[i] > 0 && splat.InverseDepth >= _nearest[i] * (1 - SameSurface)) _samples[i].Add(splat, x, y);
            }
    }

    private void Paint(ViewImage view)
    {
        for (int i = 0; i < _region.Count; i++)
        {
            if (!_region.IsHole(i) || _samples[i].Weight <= 0) continue;
            ref readonly var hole = ref _region.HoleAt(i);
            float inverse = _samples[i].InverseDepth;
            if (_region.IsEnclosed(i) && (inverse > hole.NearestRim * (1 + SameSurface) || inverse * BehindRim < hole.FarthestRim)) continue;
            int at = _region.Pixels[i] / width * view.Stride + _region.Pixels[i] % width;
            view.Color[at] = _samples[i].Color(hole.Offset);
            view.InverseDepth[at] = inverse;
            view.Holes[at] = 0;
        }
    }
}
