using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

/// <summary>What the general renderer is to draw, in double precision and without haste: a list of all triangles, asked one by one.</summary>
internal sealed class PlainRasterizer
{
    private readonly SourceImage _source;
    private readonly Pose _viewer;
    private readonly bool _halfSphere;
    private readonly int _width, _height;
    private readonly Intrinsics _camera, _view;
    private readonly List<Triangle> _triangles = [];

    private readonly record struct Corner(double U, double V, double Distance, double Q, double X, double Y);

    private readonly record struct Triangle(Corner A, Corner B, Corner C, bool Alone);

    public PlainRasterizer(SourceImage source, Pose viewer, bool halfSphere, int width, int height)
    {
        (_source, _viewer, _halfSphere, _width, _height) = (source, viewer, halfSphere, width, height);
        (_camera, _view) = (RasterScene.Camera(source.Width, source.Height), RasterScene.Camera(width, height));
        for (int y = -1; y < source.Height; y++)
            for (int x = -1; x < source.Width; x++) AddCell(x, y);
    }

    /// <summary>Whether a pixel is as it should be.</summary>
    public bool Agrees(int x, int y, bool drawn, float inverseDepth, uint color)
    {
        double nearest = 0;
        bool matches = false, tied = false;
        foreach (var t in _triangles)
        {
            double area = Cross(t.A, t.B, t.C.U, t.C.V);
            double c = Cross(t.A, t.B, x, y) / area, a = Cross(t.B, t.C, x, y) / area, b = Cross(t.C, t.A, x, y) / area;
            if (area < 1e-9 || a < 0 || b < 0 || c < 0) continue;
            double w = a / t.A.Distance + b / t.B.Distance + c / t.C.Distance;
            tied = Math.Abs(w - nearest) < 1e-4 * w;
            if (w < nearest && !tied) continue;
            (double qa, double qb, double qc) = (a * t.A.Q, b * t.B.Q, c * t.C.Q);
            double sum = qa + qb + qc;
            bool alike = Math.Abs(inverseDepth - w) < 0.01 * w
                && Alike(color, (qa * t.A.X + qb * t.B.X + qc * t.C.X) / sum, (qa * t.A.Y + qb * t.B.Y + qc * t.C.Y) / sum, t.Alone);
            matches = alike || (matches && tied);
            nearest = Math.Max(nearest, w);
        }
        return nearest > 0 ? drawn && matches : !drawn;
    }

    private void AddCell(int x, int y)
    {
        var (a, b, c, d) = (At(x, y, x, y), At(x + 1, y, x + 1, y), At(x, y + 1, x, y + 1), At(x + 1, y + 1, x + 1, y + 1));
        double wa = Seen(a), wb = Seen(b), wc = Seen(c), wd = Seen(d);
        static double Seen(Corner corner) => corner.Distance > 0 ? 1 : 0;
        byte Tear(byte[] plane, int px, int py) => px >= 0 && py >= 0 && px < _source.Width && py < _source.Height ? plane[py * _source.Width + px] : (byte)0;
        byte top = Tear(_source.TornRight, x, y), bottom = Tear(_source.TornRight, x, y + 1), left = Tear(_source.TornDown, x, y), right = Tear(_source.TornDown, x + 1, y);
        // The share of the way from the first of two pixels to the second that belongs to each.
        static (double First, double Second) Ends(double first, double second, byte tear, double atCentres)
        {
            if (tear == 0 || first == 0 || second == 0) return (0.5, 0.5);
            if (tear == SourceImage.TornAtCentres) return (atCentres, atCentres);
            double place = Math.Clamp(SourceImage.Place(tear), 1 / 32.0, 31 / 32.0);
            return (place, 1 - place);
        }
        var (aRight, bLeft) = Ends(wa, wb, top, 0);
        var (cRight, dLeft) = Ends(wc, wd, bottom, 0);
        var (aDown, cUp) = Ends(wa, wc, left, 0.5);
        var (bDown, dUp) = Ends(wb, wd, right, 0.5);
        bool ab = wa > 0 && wb > 0 && top == 0, cd = wc > 0 && wd > 0 && bottom == 0, ac = wa > 0 && wc > 0 && left == 0, bd = wb > 0 && wd > 0 && right == 0;
        bool upper = ab && bd, lower = ac && cd;
        if (upper) Add(a, b, d, !lower);
        if (lower) Add(a, d, c, !upper);
        int x1 = x + 1, y1 = y + 1;
        if (!upper && ab) Quad(a, b, At(x1, y, x1, y + bDown), At(x, y, x, y + aDown));
        if (!upper && bd) Quad(At(x1, y, x1 - bLeft, y), b, d, At(x1, y1, x1 - dLeft, y1));
        if (!lower && ac) Quad(a, At(x, y, x + aRight, y), At(x, y1, x + cRight, y1), c);
        if (!lower && cd) Quad(At(x, y1, x, y1 - cUp), At(x1, y1, x1, y1 - dUp), d, c);
        // Single pixels, where neither of the strips covers them.
        if (wa > 0 && (upper || !ab) && (lower || !ac) && !(upper && lower))
            Quad(a, At(x, y, x + aRight, y), At(x, y, x + aRight, y + aDown), At(x, y, x, y + aDown));
        if (wb > 0 && !upper && !ab && !bd) Quad(At(x1, y, x1 - bLeft, y), b, At(x1, y, x1, y + bDown), At(x1, y, x1 - bLeft, y + bDown));
        if (wc > 0 && !lower && !ac && !cd) Quad(At(x, y1, x, y1 - cUp), At(x, y1, x + cRight, y1 - cUp), At(x, y1, x + cRight, y1), c);
        if (wd > 0 && (upper || !bd) && (lower || !cd) && !(upper && lower))
            Quad(At(x1, y1, x1 - dLeft, y1 - dUp), At(x1, y1, x1, y1 - dUp), d, At(x1, y1, x1 - dLeft, y1));
    }

    private void Quad(Corner a, Corner b, Corner c, Corner d)
    {
        Add(a, b, c, false);
        Add(a, c, d, false);
    }

    private void Add(Corner a, Corner b, Corner c, bool alone)
    {
        bool visible = a.Distance > 0 && b.Distance > 0 && c.Distance > 0;
        double widest = Math.Max(Math.Max(a.U, b.U), c.U) - Math.Min(Math.Min(a.U, b.U), c.U);
        if (visible && !(_halfSphere && widest > _width)) _triangles.Add(new(a, b, c, alone));
    }

    private double InverseDepth(int x, int y) =>
        x >= 0 && y >= 0 && x < _source.Width && y < _source.Height ? _source.InverseDepth[y * _source.Width + x] : 0;

    // The point on the ray of (x, y) at the depth, and with the colour, of a pixel.
    private Corner At(int pixelX, int pixelY, double x, double y)
    {
        double w = InverseDepth(pixelX, pixelY);
        if (w == 0) return default;
        var p = _viewer * (new Vector3((x - _camera.Cx) / _camera.Fx, (y - _camera.Cy) / _camera.Fy, 1) * (1 / w));
        if (_halfSphere)
            return new((Math.Atan2(p.X, p.Z) / Math.PI + 0.5) * _width - 0.5, (Math.Atan2(p.Y, Math.Sqrt(p.X * p.X + p.Z * p.Z)) / Math.PI + 0.5) * _height - 0.5,
                p.Length, 1 / (w * p.Length), pixelX, pixelY);
        return p.Z < 1e-4 ? default : new(_view.Fx * p.X / p.Z + _view.Cx, _view.Fy * p.Y / p.Z + _view.Cy, p.Z, 1 / (w * p.Z), pixelX, pixelY);
    }

    private static double Cross(Corner from, Corner to, double u, double v) => (to.U - from.U) * (v - from.V) - (to.V - from.V) * (u - from.U);

    private bool Alike(uint color, double x, double y, bool alone)
    {
        int x0 = (int)Math.Clamp(Math.Floor(x + 1e-9), 0, _source.Width - 1), y0 = (int)Math.Clamp(Math.Floor(y + 1e-9), 0, _source.Height - 1);
        int x1 = Math.Min(x0 + 1, _source.Width - 1), y1 = Math.Min(y0 + 1, _source.Height - 1);
        double fx = Math.Max(0, x - x0), fy = Math.Max(0, y - y0);
        double d = alone ? Math.Min(fx, fy) : fx * fy, b = fx - d, c = fy - d, a = 1 - b - c - d;
        for (int shift = 0; shift < 24; shift += 8)
        {
            double Channel(int px, int py) => _source.Color[py * _source.Width + px] >> shift & 255;
            double expected = a * Channel(x0, y0) + b * Channel(x1, y0) + c * Channel(x0, y1) + d * Channel(x1, y1);
            if (Math.Abs(expected - (color >> shift & 255)) > 1.5) return false;
        }
        return true;
    }
}
