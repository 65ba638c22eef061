using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>
/// Draws a surface with its vertex colours, lit from the viewer so that its shape is seen, cut off at a near plane, with several
/// samples a pixel. One thread draws one picture; a renderer holds the scratch of one thread.
/// </summary>
/// <param name="surface">What to draw.</param>
/// <param name="camera">The viewer's camera, px of the picture.</param>
/// <param name="near">Nothing nearer is drawn, m.</param>
internal sealed class MeshRenderer(PreviewSurface surface, Intrinsics camera, float near)
{
    /// <summary>Samples a pixel in each direction.</summary>
    private const int Supersampling = 2;

    // part of the light comes from everywhere, or steep surfaces would be black
    private const float Ambient = 0.45f;
    private const uint Background = 0x464A50;

    private readonly SampleBuffer _samples = new(camera.Width * Supersampling, camera.Height * Supersampling);
    private readonly Intrinsics _sampled = camera.Resized(camera.Width * Supersampling, camera.Height * Supersampling);
    private readonly Vector3[] _places = new Vector3[surface.VertexCount];
    private readonly ScreenVertex[] _vertices = new ScreenVertex[surface.VertexCount];

    /// <summary>Draws.</summary>
    /// <param name="viewer">The viewer's camera to the axes of the surface.</param>
    /// <param name="picture">Receives BGR0.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Render(Pose viewer, Plane<uint> picture, CancellationToken cancellation)
    {
        _samples.Clear();
        Project(viewer, cancellation);
        var triangles = surface.Triangles;
        for (int t = 0; t < triangles.Length; t += 3)
        {
            if ((t & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            int a = triangles[t], b = triangles[t + 1], c = triangles[t + 2];
            int seen = (_places[a].Z >= near ? 1 : 0) + (_places[b].Z >= near ? 1 : 0) + (_places[c].Z >= near ? 1 : 0);
            if (seen == 3) _samples.Fill(_vertices[a], _vertices[b], _vertices[c]);
            else if (seen > 0) FillClipped(a, b, c);
        }
        _samples.Resolve(picture, Supersampling, Background);
    }

    private void Project(Pose viewer, CancellationToken cancellation)
    {
        var (r, t) = viewer.Inverse;
        var toCamera = new Matrix4x4(
            (float)r.M00, (float)r.M10, (float)r.M20, 0, (float)r.M01, (float)r.M11, (float)r.M21, 0,
            (float)r.M02, (float)r.M12, (float)r.M22, 0, (float)t.X, (float)t.Y, (float)t.Z, 1);
        var positions = surface.Positions;
        var normals = surface.Normals;
        for (int v = 0; v < _places.Length; v++)
        {
            if ((v & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            var place = Vector3.Transform(new Vector3(positions.Slice(3 * v, 3)), toCamera);
            var normal = Vector3.TransformNormal(new Vector3(normals.Slice(3 * v, 3)), toCamera);
            _places[v] = place;
            // the light is where the viewer is; the back of a surface is lit as its front would be
            float towards = Math.Abs(Vector3.Dot(normal, place)) / Math.Max(place.Length(), 1e-9f);
            _vertices[v] = OnScreen(place, Lit(surface.ColorOf(v), Ambient + (1 - Ambient) * Math.Min(towards, 1)));
        }
    }

    private ScreenVertex OnScreen(Vector3 place, uint color)
    {
        float inverse = 1 / place.Z;
        return new((float)_sampled.Fx * place.X * inverse + (float)_sampled.Cx, (float)_sampled.Fy * place.Y * inverse + (float)_sampled.Cy, inverse, color);
    }

    // what is left of a triangle in front of the near plane is a triangle or a quadrangle (Sutherland and Hodgman, 1974)
    private void FillClipped(int a, int b, int c)
    {
        Span<ScreenVertex> corners = stackalloc ScreenVertex[4];
        int count = 0;
        ReadOnlySpan<int> cycle = [a, b, c, a];
        for (int i = 0; i < 3; i++)
        {
            int from = cycle[i], to = cycle[i + 1];
            bool inFront = _places[from].Z >= near;
            if (inFront) corners[count++] = _vertices[from];
            if (inFront == _places[to].Z >= near) continue;
            // always from the side in front, so that neighbours cut the edge between them at the same place
            var (kept, gone) = inFront ? (from, to) : (to, from);
            float share = (_places[kept].Z - near) / (_places[kept].Z - _places[gone].Z);
            var cut = Vector3.Lerp(_places[kept], _places[gone], share) with { Z = near };
            corners[count++] = OnScreen(cut, inFront ? _vertices[from].Color : _vertices[to].Color);
        }
        _samples.Fill(corners[0], corners[1], corners[2]);
        if (count == 4) _samples.Fill(corners[0], corners[2], corners[3]);
    }

    private static uint Lit(uint color, float light)
    {
        uint share = (uint)(light * 256);
        return (color & 0xFF00FF) * share >> 8 & 0xFF00FF | (color & 0xFF00) * share >> 8 & 0xFF00;
    }
}
