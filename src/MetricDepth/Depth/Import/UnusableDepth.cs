using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Depth.Import;

/// <summary>Numbers that are no distance: NaN, infinite and negative ones. They become 0, no depth.</summary>
internal static class UnusableDepth
{
    /// <summary>Sets them to 0.</summary>
    /// <returns>How many there were.</returns>
    public static long Clear(Span<float> depth)
    {
        long count = 0;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(depth);
        var infinity = new Vector<float>(float.PositiveInfinity);
        for (int i = 0; i < vectors.Length; i++)
        {
            var d = vectors[i];
            // NaN compares false
            var usable = Vector.GreaterThanOrEqual(d, Vector<float>.Zero) & Vector.LessThan(d, infinity);
            if (Vector.EqualsAll(usable, Vector<int>.AllBitsSet)) continue;
            count += Vector<float>.Count + Vector.Sum(usable);
            vectors[i] = Vector.ConditionalSelect(usable, d, Vector<float>.Zero);
        }
        foreach (ref float d in depth[(vectors.Length * Vector<float>.Count)..])
        {
            if (d >= 0 && d < float.PositiveInfinity) continue;
            d = 0;
            count++;
        }
        return count;
    }

    /// <summary>What to tell about them.</summary>
    /// <param name="count">How many there were.</param>
    /// <param name="all">Of how many.</param>
    public static string Message(long count, long all) => string.Create(CultureInfo.InvariantCulture,
        $"{count:N0} pixels ({(double)count / all:P1}) are NaN, infinite or negative; they became 0, no depth.");
}
