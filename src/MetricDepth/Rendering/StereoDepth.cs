using MetricDepth.Depth;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>The depth video of a stereo picture.</summary>
internal static class StereoDepth
{
    /// <summary>Refuses layouts in whose pictures a pixel does not belong to one eye.</summary>
    public static void Check(StereoRenderOptions options)
    {
        if (!options.DepthOutput || StereoArrangement.For(options.Layout, 2, 2).HasDepth) return;
        throw new MetricDepthException("DepthOutputUnsuitable", FailureKind.InvalidArgument, options.Layout == StereoLayout.Anaglyph
            ? "A pixel of an anaglyph shows two depths, so there is no -DepthOutput for it. Give -Layout LeftEye or SideBySide for the depth."
            : $"-Layout {options.Layout} shows its own depth. Leave -DepthOutput out, or give -Layout Vr180 or LeftEye for the depth.");
    }

    /// <summary>What its tags say. Only a picture of one eye has a field of view that means something for the whole of it.</summary>
    public static DepthVideo Facts(string path, string colorPath, DepthVideo source, StereoLayout layout, Intrinsics camera) =>
        new(source)
        {
            Path = path,
            ColorPath = colorPath,
            MaxDepth = source.MaxDepth,
            Estimator = source.Estimator,
            Scale = source.Scale,
            HorizontalFov = layout is StereoLayout.LeftEye or StereoLayout.RightEye ? camera.HorizontalFov : null,
        };

    /// <summary>Inverse depth (1/m, 0 = none; overwritten) to BGR0 codes.</summary>
    public static void Encode(Span<float> inverseDepth, Span<uint> codes, double maxDepth)
    {
        foreach (ref float value in inverseDepth) value = value > 0 ? 1 / value : 0;
        DepthCodec.Encode(inverseDepth, codes, maxDepth);
    }
}
