using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>Finds where the surface through a depth frame is torn: between pixels of different things, at a depth edge.</summary>
internal static class SurfaceTears
{
    // A quarter because the ray is summed from both ends, not averaged.
    private static readonly float SteepBound = (float)Math.Pow(Math.Cos(StereoGeometry.SteepestDegrees * Math.PI / 180), 2) / 4;

    /// <summary>Nothing is torn: edges are stretched.</summary>
    public static void MarkNone(SourceImage source)
    {
        Array.Clear(source.TornRight);
        Array.Clear(source.TornDown);
    }

    /// <summary>Tears the surface where it is steeper than 85° to the view ray, as the Python toolbox does.</summary>
    public static void MarkSteep(SourceImage source, Intrinsics camera)
    {
        var (width, height) = (source.Width, source.Height);
        for (int y = 0; y < height; y++)
        {
            var row = source.InverseDepth.AsSpan(y * width, width);
            MarkSteep(row[..^1], row[1..], source.TornRight.AsSpan(y * width, width - 1), (float)camera.Cx, (float)(1 / camera.Fx), 1);
            source.TornRight[y * width + width - 1] = 0;
            if (y + 1 < height)
                MarkSteep(row, source.InverseDepth.AsSpan((y + 1) * width, width), source.TornDown.AsSpan(y * width, width), (float)(camera.Cy - y), (float)(1 / camera.Fy), 0);
        }
        source.TornDown.AsSpan((height - 1) * width).Clear();
    }

    // a, b: inverse depth of the two ends; the first end's coordinate along the line through both is index·advance - centre.
    private static void MarkSteep(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<byte> torn, float centre, float perPixel, float advance)
    {
        int x = 0;
        ref float first = ref MemoryMarshal.GetReference(a), second = ref MemoryMarshal.GetReference(b);
        for (; x <= a.Length - Vector256<float>.Count; x += Vector256<float>.Count)
        {
            var position = (Vector256.Create((float)x) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7)) * advance - Vector256.Create(centre);
            var steep = IsSteep(Vector256.LoadUnsafe(ref first, (nuint)x), Vector256.LoadUnsafe(ref second, (nuint)x), position, perPixel).AsInt32();
            var narrow = Vector128.Narrow(steep.GetLower(), steep.GetUpper());
            Unsafe.WriteUnaligned(ref torn[x], Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar());
        }
        for (; x < a.Length; x++)
            torn[x] = (byte)IsSteep(Vector256.CreateScalar(a[x]), Vector256.CreateScalar(b[x]), Vector256.CreateScalar(x * advance - centre), perPixel).AsInt32().ToScalar();
    }

    // In the plane through both pixels' rays, the segment from A = z₀(x₀, 1) to B = z₁(x₁, 1) meets the ray through its middle M at
    // an angle with sine |A×B| / (|B-A| |M|) = z₀z₁/f / (|B-A| |M|); the normal is off the ray by more than 85° when that is below
    // cos 85°. Written in inverse depth, and squared, it needs neither division nor root. Without depth at an end nothing is steep.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> IsSteep(Vector256<float> a, Vector256<float> b, Vector256<float> position, float perPixel)
    {
        var nearA = position * perPixel * b;
        var nearB = (position + Vector256<float>.One) * perPixel * a;
        var edgeX = nearB - nearA;
        var edgeZ = a - b;
        var rayX = nearA + nearB;
        var rayZ = a + b;
        var area = a * b * perPixel;
        var bound = Vector256.Create(SteepBound) * (edgeX * edgeX + edgeZ * edgeZ) * (rayX * rayX + rayZ * rayZ);
        var both = Vector256.GreaterThan(a, Vector256<float>.Zero) & Vector256.GreaterThan(b, Vector256<float>.Zero);
        return both & Vector256.LessThan(area * area, bound);
    }
}
