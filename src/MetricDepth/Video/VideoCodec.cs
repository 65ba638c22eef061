namespace MetricDepth.Video;

/// <summary>How pixels are stored.</summary>
public enum VideoCodec
{
    /// <summary>FFV1 level 3, RGB (or grey for grey layouts), sliced: every bit is kept.</summary>
    Lossless,
    /// <summary>H.264, 4:2:0: plays everywhere.</summary>
    H264,
    /// <summary>H.265 (HEVC), 4:2:0: half the size; headsets decode it up to 8192 px wide.</summary>
    Hevc,
    /// <summary>AV1, 4:2:0: smaller still; for recent players.</summary>
    Av1,
}
