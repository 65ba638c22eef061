using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>The colour video that belongs to a depth video, and how its frames pair with the depth frames.</summary>
internal static class ColorVideo
{
    // Rates written by different programs differ in the last digits; a resampled clip differs by more.
    private const double SameRate = 5e-4;

    // Sizes are rounded to whole (often even) pixels when a clip is scaled down.
    private const double AspectTolerance = 0.02;
    private const int RoundingPixels = 2;

    /// <summary>Finds and checks the colour video; null when nobody has said which it is.</summary>
    public static VideoClip? FindIfKnown(DepthVideo depth, string? colorPath, IProgress<FrameProgress>? progress, CancellationToken cancellation) =>
        IsKnown(depth, colorPath) ? Find(depth, colorPath, progress, cancellation) : null;

    /// <summary>Whether somebody has said which the colour video is.</summary>
    public static bool IsKnown(DepthVideo depth, string? colorPath) =>
        colorPath is not null || depth.ColorPath is not null || File.Exists(OutputName.ColorVideo(depth.Path));

    /// <summary>Finds and checks the colour video.</summary>
    /// <param name="depth">The depth video.</param>
    /// <param name="colorPath">The user's choice; null for the one that the depth video names, or that its own name speaks of.</param>
    /// <param name="progress">Told when the sizes differ.</param>
    /// <param name="cancellation">Stops probing.</param>
    /// <exception cref="MetricDepthException">There is none, or it cannot be the same picture.</exception>
    public static VideoClip Find(DepthVideo depth, string? colorPath, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        string path = colorPath ?? depth.ColorPath ?? OutputName.ColorVideo(depth.Path)
            ?? throw new MetricDepthException("ColorVideoUnknown", FailureKind.InvalidArgument,
                $"'{depth.Path}' does not say which colour video it belongs to. Give -ColorPath.");
        if (colorPath is null && !File.Exists(path))
            throw new MetricDepthException("ColorVideoNotFound", FailureKind.NotFound,
                $"The colour video '{path}' of '{depth.Path}' does not exist. Give -ColorPath.");
        var color = VideoProbe.Probe(path, cancellation);
        if (!SameAspect(color, depth))
            throw new MetricDepthException("ColorSizeMismatch", FailureKind.InvalidData,
                $"'{color.Path}' ({Size(color)}) does not have the shape of the depth video ({Size(depth)}), so it is another picture. Give the clip that the depth was made from as -ColorPath.");
        if (color.Width != depth.Width || color.Height != depth.Height)
            progress?.Report(FrameProgress.Verbose($"The depth has {Size(depth)} pixels, its colour video {Size(color)}; they are brought to one size."));
        return color;
    }

    /// <summary>How to read the colour video so that its frames pair with the depth frames.</summary>
    public static FrameReaderOptions Reading(VideoClip color, DepthVideo depth, long? maxFrames)
    {
        bool paired = color.FrameCount is { } frames && frames == depth.FrameCount;
        bool sameRate = Math.Abs(color.FrameRate.Value / depth.FrameRate.Value - 1) <= SameRate;
        return new() { FrameRate = paired || sameRate ? null : depth.FrameRate, MaxFrames = maxFrames };
    }

    /// <summary>Says that the colour video ended before the depth video.</summary>
    public static void ReportEnded(VideoClip color, DepthVideo depth, long frames, IProgress<FrameProgress>? progress) =>
        progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
            $"'{color.Path}' ends after {frames} frames, before its depth video{(depth.FrameCount is { } n ? $" ({n} frames)" : "")}. The result ends there; check that -ColorPath is the clip that the depth was made from.")));

    private static bool SameAspect(VideoClip color, DepthVideo depth)
    {
        double expected = (double)depth.Width * color.Height / color.Width;
        return Math.Abs(expected - depth.Height) <= RoundingPixels + AspectTolerance * depth.Height;
    }

    private static string Size(VideoClip clip) => string.Create(CultureInfo.InvariantCulture, $"{clip.Width}x{clip.Height}");
}
