using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>What is done to a window's values so that they continue the window before.</summary>
/// <param name="Scale">The factor.</param>
/// <param name="Shift">Added after it.</param>
/// <param name="CutsNegative">Whether what is below 0 then becomes 0.</param>
internal readonly record struct Alignment(float Scale, float Shift, bool CutsNegative)
{
    /// <summary>The first window's.</summary>
    public static Alignment Unchanged { get; } = new(1, 0, false);

    /// <summary>A metric window's.</summary>
    public static Alignment Positive { get; } = new(1, 0, true);

    /// <summary>Aligns values in place.</summary>
    public void Apply(Span<float> values)
    {
        if (!CutsNegative) return; // the first window
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var shift = new Vector<float>(Shift);
        for (int i = 0; i < vectors.Length; i++) vectors[i] = Vector.Max(vectors[i] * Scale + shift, Vector<float>.Zero);
        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++) values[i] = Math.Max(values[i] * Scale + Shift, 0);
    }
}
