using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Export.PointClouds;

/// <summary>
/// Unit normals of the surface through the pixels of a depth frame, towards the camera. On a plane n·p = c inverse depth is linear
/// over the picture, 1/z = (n·(a, b, 1))/c, so a plane fitted to inverse depth over 5×5 pixels by least squares is the normal:
/// n/c = (fx ∂u, fy ∂v, w − a fx ∂u − b fy ∂v). Pixels beyond a depth edge (a jump that from one pixel to the next would be steeper than 85°) take no part.
/// </summary>
internal sealed class SurfaceNormals
{
    private const int Reach = 2;

    // Steadies slopes that too few pixels determine (then: no slope, the surface faces the camera); of 50 and more otherwise.
    private const float Ridge = 1e-3f;

    // Inverse depth of pixels without one: it is on no side of any comparison.
    private const float Missing = float.NaN;

    private readonly Intrinsics _camera;
    private readonly int _stride;
    private readonly float[] _inverse;
    private readonly float _steepest;
    private readonly float[] _columns;

    /// <summary>Makes the scratch for frames of one camera.</summary>
    public SurfaceNormals(Intrinsics camera)
    {
        _camera = camera;
        // a frame of pixels without depth around it, and room for whole vectors at the right
        _stride = camera.Width + 2 * Reach + Vector<float>.Count;
        _inverse = new float[_stride * (camera.Height + 2 * Reach)];
        Array.Fill(_inverse, Missing);
        _columns = new float[camera.Width + Vector<float>.Count];
        for (int x = 0; x < _columns.Length; x++) _columns[x] = (float)(x - camera.Cx);
        _steepest = (float)(Math.Tan(StereoGeometry.SteepestDegrees * Math.PI / 180) / Math.Min(camera.Fx, camera.Fy));
    }

    /// <summary>Takes a frame's depth, m, 0 = none; H×W, row-major.</summary>
    public void Begin(ReadOnlySpan<float> depth)
    {
        for (int y = 0; y < _camera.Height; y++)
        {
            var row = _inverse.AsSpan((y + Reach) * _stride + Reach, _camera.Width);
            var known = depth.Slice(y * _camera.Width, _camera.Width);
            int x = 0;
            for (; x + Vector<float>.Count <= row.Length; x += Vector<float>.Count)
            {
                var d = new Vector<float>(known[x..]);
                Vector.ConditionalSelect(Vector.GreaterThan(d, Vector<float>.Zero), Vector<float>.One / d, new(Missing)).CopyTo(row[x..]);
            }
            for (; x < row.Length; x++) row[x] = known[x] > 0 ? 1 / known[x] : Missing;
        }
    }

    /// <summary>The normals of a row; those of pixels without depth mean nothing.</summary>
    /// <param name="y">The row.</param>
    /// <param name="rotation">From the camera's axes to those of the normals.</param>
    /// <param name="nx">Receives x; as wide as the picture.</param>
    /// <param name="ny">Receives y.</param>
    /// <param name="nz">Receives z.</param>
    public void Row(int y, Rotation rotation, Span<float> nx, Span<float> ny, Span<float> nz)
    {
        Span<float> last = stackalloc float[3 * Vector<float>.Count];
        int step = Vector<float>.Count;
        for (int x = 0; x < _camera.Width; x += step)
        {
            var (a, b, c) = Fit(x, y);
            var (i, j, k) = Rotate(rotation, a, b, c);
            if (x + step <= _camera.Width)
            {
                i.CopyTo(nx[x..]);
                j.CopyTo(ny[x..]);
                k.CopyTo(nz[x..]);
                continue;
            }
            i.CopyTo(last);
            j.CopyTo(last[step..]);
            k.CopyTo(last[(2 * step)..]);
            int rest = _camera.Width - x;
            last[..rest].CopyTo(nx[x..]);
            last.Slice(step, rest).CopyTo(ny[x..]);
            last.Slice(2 * step, rest).CopyTo(nz[x..]);
        }
    }

    // Normals of neighbouring pixels, in the camera's axes.
    private (Vector<float> X, Vector<float> Y, Vector<float> Z) Fit(int x, int y)
    {
        int middle = (y + Reach) * _stride + x + Reach;
        // there is a border as wide as the window's reach all round
        ref float first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_inverse), middle - Reach);
        var w0 = Vector.LoadUnsafe(ref first, Reach);
        Vector<float> limit = w0 * _steepest, two = new(2f);
        Vector<float> sw = default, suw = default, svw = default;
        Vector<int> counts = default, countsV = default, countsVV = default;
        for (int v = -Reach; v <= Reach; v++)
        {
            ref float row = ref Unsafe.Add(ref first, v * _stride);
            // differences, so that nothing is lost in sums of nearly equal numbers
            Vector<float> a = Vector.LoadUnsafe(ref row) - w0, b = Vector.LoadUnsafe(ref row, 1) - w0, c = Vector.LoadUnsafe(ref row, 2) - w0;
            Vector<float> d = Vector.LoadUnsafe(ref row, 3) - w0, e = Vector.LoadUnsafe(ref row, 4) - w0;
            var inRow = Part(ref a, limit, -2) + Part(ref b, limit, -1) + Part(ref c, limit, 0) + Part(ref d, limit, 1) + Part(ref e, limit, 2);
            sw = sw + a + b + c + d + e;
            // whole numbers up to 2 times anything are exact, so it is the same with and without fused operations
            suw = Vector.MultiplyAddEstimate(e, two, Vector.MultiplyAddEstimate(a, -two, suw) - b + d);
            var vs = new Vector<float>(v);
            svw = Vector.MultiplyAddEstimate(b, vs, Vector.MultiplyAddEstimate(a, vs, svw));
            svw = Vector.MultiplyAddEstimate(e, vs, Vector.MultiplyAddEstimate(d, vs, Vector.MultiplyAddEstimate(c, vs, svw)));
            counts += inRow;
            countsV += inRow * (v + Reach);
            countsVV += inRow * (v * v);
        }
        var (n, su, suu) = (Field(counts, 0), Field(counts, 1), Field(counts, 2));
        var (sv, suv, svv) = (Field(countsV, 0), Field(countsV, 1), Field(countsVV, 0));
        // u and v were counted from the window's corner
        suv -= (su + sv) * Reach - n * (Reach * Reach);
        su -= n * Reach;
        sv -= n * Reach;
        // about the centroid of the pixels that take part
        n = Vector.Max(n, Vector<float>.One);
        var (mu, mv, mw) = (su / n, sv / n, sw / n);
        suu += new Vector<float>(Ridge) - su * mu;
        svv += new Vector<float>(Ridge) - sv * mv;
        suv -= su * mv;
        suw -= su * mw;
        svw -= sv * mw;
        var determinant = suu * svv - suv * suv;
        var p = (suw * svv - svw * suv) / determinant;
        var q = (svw * suu - suw * suv) / determinant;
        var level = w0 + mw - p * mu - q * mv;
        // times the focal lengths, a·fx = x − cx
        var column = new Vector<float>(_columns, x);
        var nx = p * (float)-_camera.Fx;
        var ny = q * (float)-_camera.Fy;
        var nz = p * column + q * (float)(y - _camera.Cy) - level;
        var length = Vector.SquareRoot(nx * nx + ny * ny + nz * nz);
        length = Vector.ConditionalSelect(Vector.GreaterThan(length, Vector<float>.Zero), length, Vector<float>.One);
        return (nx / length, ny / length, nz / length);
    }

    /// <summary>Makes the differences of pixels beyond an edge 0, and counts the others: 1, u and u² in a byte each, u from the window's left side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Part(ref Vector<float> difference, Vector<float> limit, int u)
    {
        var takesPart = Vector.LessThanOrEqual(Vector.Abs(difference), limit);
        difference = Vector.AsVectorSingle(Vector.AsVectorInt32(difference) & takesPart);
        return takesPart & new Vector<int>(1 | (u + Reach) << 8 | (u * u) << 16);
    }

    private static Vector<float> Field(Vector<int> counts, int number) =>
        Vector.ConvertToSingle(Vector.ShiftRightLogical(counts, 8 * number) & new Vector<int>(0xFF));

    private static (Vector<float> X, Vector<float> Y, Vector<float> Z) Rotate(Rotation r, Vector<float> x, Vector<float> y, Vector<float> z) => (
        x * (float)r.M00 + y * (float)r.M01 + z * (float)r.M02,
        x * (float)r.M10 + y * (float)r.M11 + z * (float)r.M12,
        x * (float)r.M20 + y * (float)r.M21 + z * (float)r.M22);
}
