using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>A frame's finished depth, kept for frames beside it.</summary>
/// <param name="index">Frame number.</param>
/// <param name="inverseDepth">Inverse depth of every pixel.</param>
/// <param name="confidence">How sure each is, 0..1.</param>
internal sealed class KeyDepth(int index, Plane<float> inverseDepth, Plane<float> confidence)
{
    /// <summary>Frame number.</summary>
    public int Index { get; set; } = index;

    /// <summary>Inverse depth of every pixel.</summary>
    public Plane<float> InverseDepth { get; } = inverseDepth;

    /// <summary>How sure each is, 0..1.</summary>
    public Plane<float> Confidence { get; } = confidence;
}
