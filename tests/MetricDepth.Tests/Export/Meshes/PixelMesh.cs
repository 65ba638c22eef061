using MetricDepth.Geometry;

namespace MetricDepth.Tests.Export.Meshes;

/// <summary>A mesh over the pixels of a frame, seen as what it is in the picture: triangles between pixels with an inverse depth each.</summary>
internal sealed class PixelMesh
{
    /// <summary>Reads a GLB that lies in its own camera's axes.</summary>
    public PixelMesh(string path, Intrinsics camera)
    {
        var file = new GlbFile(path);
        float[] p = file.Floats("POSITION");
        Corners = new (int X, int Y, double Inverse)[p.Length / 3];
        for (int i = 0; i < Corners.Length; i++)
        {
            double z = -p[3 * i + 2], x = p[3 * i] / z * camera.Fx + camera.Cx, y = -p[3 * i + 1] / z * camera.Fy + camera.Cy;
            Corners[i] = ((int)Math.Round(x), (int)Math.Round(y), 1 / z);
            Assert.InRange(Math.Abs(x - Corners[i].X) + Math.Abs(y - Corners[i].Y), 0, 1e-3); // float32 of a pixel's ray
        }
        Triangles = [.. file.Indices().Chunk(3).Select(t => (t[0], t[1], t[2]))];
    }

    public (int X, int Y, double Inverse)[] Corners { get; }

    public (int A, int B, int C)[] Triangles { get; }

    /// <summary>Twice the area of a triangle in the picture, px²; positive if it faces the camera.</summary>
    public int Area((int A, int B, int C) t)
    {
        var (a, b, c) = (Corners[t.A], Corners[t.B], Corners[t.C]);
        // y points down, so counter-clockwise to the eye is this way round
        return -((b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X));
    }

    /// <summary>Edges that belong to one triangle only, in steps of one pixel: the outline of the surface, and of every crack in it.</summary>
    public HashSet<(int, int, int, int)> Outline()
    {
        var uses = new Dictionary<(int, int), int>();
        foreach (var (a, b, c) in Triangles)
            foreach (var (from, to) in ((int, int)[])[(a, b), (b, c), (c, a)])
            {
                if (uses.Remove((to, from))) continue;
                Assert.True(uses.TryAdd((from, to), 1), "two triangles have an edge in the same direction");
            }
        var steps = new HashSet<(int, int, int, int)>();
        foreach (var (from, to) in uses.Keys)
        {
            var (a, b) = (Corners[from], Corners[to]);
            int n = Math.Max(Math.Abs(b.X - a.X), Math.Abs(b.Y - a.Y)), dx = (b.X - a.X) / n, dy = (b.Y - a.Y) / n;
            Assert.Equal((b.X, b.Y), (a.X + n * dx, a.Y + n * dy));
            for (int i = 0; i < n; i++) Assert.True(steps.Add((a.X + i * dx, a.Y + i * dy, a.X + (i + 1) * dx, a.Y + (i + 1) * dy)));
        }
        return steps;
    }

    /// <summary>Inverse depth at all pixels, and halfway between them, that are on the surface.</summary>
    public Dictionary<(int X2, int Y2), double> Sample()
    {
        var samples = new Dictionary<(int, int), double>();
        foreach (var t in Triangles)
        {
            var (a, b, c) = (Corners[t.A], Corners[t.B], Corners[t.C]);
            double area = Area(t);
            for (int y = 2 * Math.Min(a.Y, Math.Min(b.Y, c.Y)); y <= 2 * Math.Max(a.Y, Math.Max(b.Y, c.Y)); y++)
                for (int x = 2 * Math.Min(a.X, Math.Min(b.X, c.X)); x <= 2 * Math.Max(a.X, Math.Max(b.X, c.X)); x++)
                {
                    double u = Part(b, c, x / 2.0, y / 2.0) / area, v = Part(c, a, x / 2.0, y / 2.0) / area, w = 1 - u - v;
                    // a triangle in space is linear in inverse depth over the picture
                    if (u >= 0 && v >= 0 && w >= -1e-12) samples[(x, y)] = u * a.Inverse + v * b.Inverse + w * c.Inverse;
                }
        }
        return samples;
    }

    private static double Part((int X, int Y, double Inverse) from, (int X, int Y, double Inverse) to, double x, double y) =>
        -((to.X - from.X) * (y - from.Y) - (to.Y - from.Y) * (x - from.X));
}
