namespace MetricDepth.Inference;

/// <summary>What the numbers that come out of a depth network mean.</summary>
public enum OutputMeaning
{
    /// <summary>Depth z along the optical axis: metres, or proportional to them where the model says that it is not metric.</summary>
    Depth,
    /// <summary>
    /// <c>a/z + b</c> with a factor a &gt; 0 and an offset b that are the same all over the clip but unknown (affine-invariant inverse depth, as MiDaS and
    /// the relative Depth-Anything networks give); 1/metres, a = 1 and b = 0, where the model says that it is metric.
    /// </summary>
    InverseDepth,
    /// <summary><c>a/z</c> with an unknown factor a &gt; 0: 0 is infinitely far (as from a stereo pair); 1/metres, a = 1, where the model says that it is metric.</summary>
    Disparity,
}
