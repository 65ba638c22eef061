namespace MetricDepth.Estimation.ModelExport;

/// <summary>How a network is cut into files.</summary>
public enum GraphLayout
{
    /// <summary>One file: pictures in, depth out. Of a video model that is a window of 32 frames at once.</summary>
    Whole,
    /// <summary>
    /// Three files of a video model: an encoder for single frames, the temporal head for a window of their features, a decoder for single
    /// frames again; each frame of overlapping windows is encoded once.
    /// </summary>
    Split,
}
