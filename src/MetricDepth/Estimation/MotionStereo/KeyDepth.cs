using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>A frame's finished depth, kept for frames beside it.</summary>
/// <param name="index">Frame number.</param>
/// <param name="width">Width, px.</param>
/// <param name="height">Height, px.</param>
internal sealed class KeyDepth(int index, int width, int height)
{
    /// <summary>Frame number.</summary>
    public int Index { get; set; } = index;

    /// <summary>The picture, BGR0.</summary>
    public Plane<uint> Color { get; } = new(width, height);

    /// <summary>Inverse depth of every pixel.</summary>
    public Plane<float> InverseDepth { get; } = new(width, height);

    /// <summary>How sure each is, 0..1.</summary>
    public Plane<float> Confidence { get; } = new(width, height);
}
