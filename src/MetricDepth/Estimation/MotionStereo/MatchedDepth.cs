using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>The depth matched for one frame, before it is checked.</summary>
internal sealed class MatchedDepth(int width, int height)
{
    /// <summary>Frame number.</summary>
    public int Index { get; set; }

    /// <summary>Whether there was a view to match against.</summary>
    public bool IsMatched { get; set; }

    /// <summary>Inverse depth; 0 = none.</summary>
    public Plane<float> InverseDepth { get; } = new(width, height);

    /// <summary>How clearly it won, 0..1.</summary>
    public Plane<float> Confidence { get; } = new(width, height);
}
