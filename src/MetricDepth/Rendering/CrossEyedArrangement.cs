using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Right | left, each at full width.</summary>
internal sealed class CrossEyedArrangement(int width, int height) : SideBySideArrangement(width, height)
{
    public override IReadOnlyList<Eye> Eyes { get; } = [Eye.Right, Eye.Left];

    public override StereoPacking? Packing => StereoPacking.RightLeft;
}
