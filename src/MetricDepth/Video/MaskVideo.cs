using System.Globalization;

namespace MetricDepth.Video;

/// <summary>
/// A mask video: white where the foreground is, one frame for each of the clip. One of another size or rate than the clip is
/// resampled; H.264 and H.265 do it no harm.
/// </summary>
internal static class MaskVideo
{
    /// <summary>From this grey on a pixel is foreground, as in the Python toolbox.</summary>
    public const byte Foreground = 128;

    // Rates written by different programs differ in the last digits; a resampled clip differs by more.
    private const double SameRate = 5e-4;

    // Mask makers round sizes to whole, often even, pixels, or to multiples of 32.
    private const double AspectTolerance = 0.06;

    /// <summary>Opens a mask so that its frames pair with the frames of a clip, as grey pictures of the given size.</summary>
    /// <param name="path">The mask video.</param>
    /// <param name="clip">The clip, or its depth video.</param>
    /// <param name="width">Width of the pictures, px.</param>
    /// <param name="height">Height of the pictures, px.</param>
    /// <param name="progress">Told when it is resampled.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="MetricDepthException">It is missing, no video, or has another shape than the clip.</exception>
    public static FrameReader Open(string path, VideoClip clip, int width, int height, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var (mask, reading) = Pair(path, clip, width, height, progress, cancellation);
        return FrameReader.Open(mask, reading, cancellation);
    }

    /// <summary>How to read a mask so that its frames pair with the frames of a clip.</summary>
    /// <inheritdoc cref="Open"/>
    public static (VideoClip Mask, FrameReaderOptions Reading) Pair(
        string path, VideoClip clip, int width, int height, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var mask = VideoProbe.Probe(path, cancellation);
        if (Math.Abs((double)mask.Width * height / ((double)mask.Height * width) - 1) > AspectTolerance)
            throw new MetricDepthException("MaskSizeMismatch", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"The mask '{path}' ({mask.Width}x{mask.Height}) does not have the shape of the clip ({width}x{height}), so it is of another one. Make the mask from this clip."));
        if (mask.Width != width || mask.Height != height)
            progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture, $"The mask has {mask.Width}x{mask.Height} pixels; it is resized to {width}x{height}.")));
        bool paired = mask.FrameCount is { } frames && frames == clip.FrameCount;
        bool sameRate = Math.Abs(mask.FrameRate.Value / clip.FrameRate.Value - 1) <= SameRate;
        return (mask, new()
        {
            Layout = PixelLayout.Gray8,
            Width = width,
            Height = height,
            FrameRate = paired || sameRate ? null : clip.FrameRate,
        });
    }
}
