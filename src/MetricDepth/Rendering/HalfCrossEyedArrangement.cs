using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Right | left, each squeezed to half width (rounded up).</summary>
internal sealed class HalfCrossEyedArrangement(int width, int height) : HalfSideBySideArrangement(width, height)
{
    public override IReadOnlyList<Eye> Eyes { get; } = [Eye.Right, Eye.Left];

    public override StereoPacking? Packing => StereoPacking.RightLeft;
}
