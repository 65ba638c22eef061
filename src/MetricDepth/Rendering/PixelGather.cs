using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MetricDepth.Rendering;

/// <summary>Eight pixels from eight places at once.</summary>
internal static class PixelGather
{
    /// <summary>Loads <c>pixels[index]</c> for each lane; nothing checks the indices.</summary>
    /// <param name="pixels">The first pixel.</param>
    /// <param name="index">Pixels from the first, one a lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<uint> Load(ref uint pixels, Vector256<int> index)
    {
        if (Avx2.IsSupported)
            fixed (uint* p = &pixels)
                return Avx2.GatherVector256(p, index, sizeof(uint));
        var result = Vector256<uint>.Zero;
        for (int i = 0; i < Vector256<uint>.Count; i++) result = result.WithElement(i, Unsafe.Add(ref pixels, index.GetElement(i)));
        return result;
    }
}
