using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>How large an eye's picture is.</summary>
internal static class EyeSize
{
    private const int Smallest = 16, Largest = 16384;

    // Two such squares side by side are 8192x4096, the most that a headset's decoder takes.
    private const int LargestUnasked = 4096;

    // Encoders work on blocks of this size.
    private const int Block = 16;

    /// <summary>
    /// The size of one eye: the colour picture's own, or in a 180° layout a square with the source's pixels per radian in its middle,
    /// <c>π · fx</c> px a side, rounded up to whole blocks.
    /// </summary>
    public static (int Width, int Height) For(StereoRenderOptions options, Intrinsics camera)
    {
        if (!IsHalfSphere(options.Layout)) return (camera.Width, camera.Height);
        int side = options.EyeSize
            ?? (int)Math.Clamp(Math.Ceiling(Math.PI * Math.Max(camera.Fx, camera.Fy) / Block) * Block, Smallest, LargestUnasked);
        return (side, side);
    }

    /// <summary>Refuses a size that is out of range or that nothing would use.</summary>
    public static void Check(StereoRenderOptions options)
    {
        if (options.EyeSize is not { } size) return;
        if (!IsHalfSphere(options.Layout))
            throw new MetricDepthException("EyeSizeUnused", FailureKind.InvalidArgument,
                $"-EyeSize is the side of an eye in a 180° layout; in -Layout {options.Layout} an eye has the size of the colour video. Leave it out, or give -Layout Vr180 or Touchly0.");
        if (size is < Smallest or > Largest)
            throw new MetricDepthException("EyeSizeOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"-EyeSize {size} is not in {Smallest}..{Largest} px."));
    }

    /// <summary>Tells what size was taken where nobody asked for one.</summary>
    public static void Report(StereoRenderOptions options, StereoArrangement arrangement, IProgress<FrameProgress>? progress)
    {
        if (options.EyeSize is not null || !IsHalfSphere(options.Layout)) return;
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"Each eye has {arrangement.EyeWidth}x{arrangement.EyeHeight} pixels over 180°{(arrangement.EyeWidth == LargestUnasked ? ", the most that headsets take" : ", as sharp as the clip")}; -EyeSize takes another.")));
    }

    private static bool IsHalfSphere(StereoLayout layout) => layout is StereoLayout.Vr180 or StereoLayout.Touchly0;
}
