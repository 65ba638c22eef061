using System.Numerics;

namespace MetricDepth.Motion.Loops;

/// <summary>What the surroundings of a point look like: 256 comparisons of brightness.</summary>
internal readonly record struct PlaceDescriptor(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Comparisons.</summary>
    public const int Bits = 256;

    /// <summary>Comparisons that came out differently, 0..256; about 128 for unrelated points.</summary>
    public int DistanceTo(in PlaceDescriptor other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B) + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);

    /// <summary>One comparison.</summary>
    public bool this[int bit] => ((bit >> 6) switch { 0 => A, 1 => B, 2 => C, _ => D } >> (bit & 63) & 1) != 0;
}
