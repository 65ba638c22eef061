using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Estimation.DepthAnything.Network;

/// <summary>What both families of networks ask of the size and type they are built for.</summary>
internal static class PatchGrid
{
    /// <summary>Throws if the transformer cannot cut a picture into whole patches.</summary>
    public static void Check(int width, int height)
    {
        if (width < DinoTransformer.Patch || width % DinoTransformer.Patch != 0)
            throw new ArgumentOutOfRangeException(nameof(width), width, "A positive multiple of 14 is needed.");
        if (height < DinoTransformer.Patch || height % DinoTransformer.Patch != 0)
            throw new ArgumentOutOfRangeException(nameof(height), height, "A positive multiple of 14 is needed.");
    }

    /// <summary>What matrix products and convolutions calculate with.</summary>
    public static TensorElementType Compute(InferencePrecision precision) =>
        precision == InferencePrecision.Float16 ? TensorElementType.Float16 : TensorElementType.Float32;
}
