namespace MetricDepth.Export;

/// <summary>What a depth video can be written as, for other programs.</summary>
public enum DepthVideoFormat
{
    /// <summary>8-bit grey video: FFV1 in Matroska, three equal channels, as the Python toolbox's <c>--bit8</c>.</summary>
    Gray8,
    /// <summary>16-bit grey video: FFV1 in Matroska, one channel, as the Python toolbox's <c>--bit16</c>.</summary>
    Gray16,
    /// <summary>A folder of 16-bit grey PNG files, one a frame: millimetres, or another unit.</summary>
    Png16,
    /// <summary>A folder of EXR files, one a frame: 32-bit floating-point metres.</summary>
    Exr,
    /// <summary>One NumPy array: float32 metres of the shape (frames, height, width).</summary>
    Npy,
    /// <summary>A NumPy archive: that array, compressed, with frame numbers, frame rate and camera matrix.</summary>
    Npz,
    /// <summary>A video in colours to look at, H.264, with a scale in metres below the picture.</summary>
    Preview,
}
