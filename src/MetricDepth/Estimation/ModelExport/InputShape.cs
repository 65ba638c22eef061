using System.Globalization;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Inference.Models;
using MetricDepth.Video;

namespace MetricDepth.Estimation.ModelExport;

/// <summary>For which pictures a network is exported: an exact size, or a shorter side and a shape that the network's own size rule turns into one.</summary>
public sealed record InputShape
{
    private const double UsualRatio = 16.0 / 9;
    private const double LongestRatio = 10;

    /// <summary>Some hundred times this is what the network itself takes.</summary>
    private const long MostPixels = 1 << 24;

    /// <summary>The width that the network is to take, px, a multiple of 14; goes with <see cref="Height"/>.</summary>
    public int? Width { get; init; }

    /// <summary>The height that the network is to take, px, a multiple of 14.</summary>
    public int? Height { get; init; }

    /// <summary>The shorter side, px; null for 518.</summary>
    public int? InputSize { get; init; }

    /// <summary>Width over height of the pictures; null for 16:9.</summary>
    public double? AspectRatio { get; init; }

    /// <summary>A clip, picture or depth video whose shape is meant instead.</summary>
    public string? ClipPath { get; init; }

    /// <summary>Reads a shape as people write it: <c>16:9</c>, <c>16/9</c>, <c>1.85</c>.</summary>
    /// <exception cref="MetricDepthException"><c>AspectRatioOutOfRange</c>.</exception>
    public static double ParseRatio(string text)
    {
        string[] sides = text.Split([':', '/', 'x'], StringSplitOptions.TrimEntries);
        double ratio = sides.Length switch
        {
            1 when Number(sides[0]) is { } value => value,
            2 when Number(sides[0]) is { } width && Number(sides[1]) is { } height => width / height,
            _ => double.NaN,
        };
        return ratio is >= 1 / LongestRatio and <= LongestRatio ? ratio : throw OutOfRange(text);

        static double? Number(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>The size that the network takes.</summary>
    /// <param name="family">Whose rule it is.</param>
    /// <param name="cancellation">Stops looking at the clip.</param>
    /// <exception cref="MetricDepthException"><c>SizeGivenTwice</c>, <c>SizeIncomplete</c>, <c>SizeNotOfPatches</c>, <c>AspectRatioOutOfRange</c>,
    /// <c>ModelInputTooLarge</c>; the clip cannot be read.</exception>
    public (int Width, int Height) Resolve(ModelFamily family, CancellationToken cancellation)
    {
        bool exact = Width is not null || Height is not null;
        if ((exact ? 1 : 0) + (AspectRatio is not null ? 1 : 0) + (ClipPath is not null ? 1 : 0) > 1 || exact && InputSize is not null)
            throw new MetricDepthException("SizeGivenTwice", FailureKind.InvalidArgument,
                "The size is given in more than one way. Give -Width and -Height, or -InputSize with either -AspectRatio or -ClipPath.");
        var size = exact ? Exact() : ByRule(family, cancellation);
        if ((long)size.Width * size.Height > MostPixels)
            throw new MetricDepthException("ModelInputTooLarge", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A network for pictures of {size.Width}×{size.Height} pixels needs more memory than any machine has. Give a smaller size."));
        return size;
    }

    private (int Width, int Height) Exact()
    {
        if (Width is not { } width || Height is not { } height)
            throw new MetricDepthException("SizeIncomplete", FailureKind.InvalidArgument, "-Width and -Height go together. Give both, or -InputSize.");
        foreach (int side in (ReadOnlySpan<int>)[width, height])
            if (side < PictureSize.Patch || side % PictureSize.Patch != 0)
            {
                int below = Math.Max(1, side / PictureSize.Patch) * PictureSize.Patch;
                throw new MetricDepthException("SizeNotOfPatches", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                    $"The network cuts pictures into squares of {PictureSize.Patch} pixels, and {side} is no multiple of that. Give {below} or {below + PictureSize.Patch}, or leave it to -InputSize."));
            }
        return (width, height);
    }

    private (int Width, int Height) ByRule(ModelFamily family, CancellationToken cancellation)
    {
        int shorterSide = InputSize ?? PictureSize.DefaultShorterSide;
        if (shorterSide < PictureSize.Patch)
            throw new MetricDepthException("ModelInputTooSmall", FailureKind.InvalidArgument, "-InputSize must be 14 pixels or more, and is usually 518.");
        var (width, height) = ClipPath is { } path ? SizeOf(path, cancellation) : SizeOf(AspectRatio ?? UsualRatio);
        return family == ModelFamily.VideoDepthAnything ? PictureSize.ForVideo(width, height, shorterSide) : PictureSize.ForImage(width, height, shorterSide);
    }

    private static (int Width, int Height) SizeOf(string path, CancellationToken cancellation)
    {
        var clip = VideoProbe.Probe(path, cancellation);
        return (clip.Width, clip.Height);
    }

    private static (int Width, int Height) SizeOf(double ratio)
    {
        if (ratio is not (>= 1 / LongestRatio and <= LongestRatio)) throw OutOfRange(ratio.ToString(CultureInfo.InvariantCulture));
        const int Long = 10_000; // a shape, not a size: large, so that rounding to whole pixels does not change it
        return ratio >= 1 ? (Long, (int)Math.Round(Long / ratio)) : ((int)Math.Round(Long * ratio), Long);
    }

    private static MetricDepthException OutOfRange(string text) => new("AspectRatioOutOfRange", FailureKind.InvalidArgument,
        $"'{text}' is no shape of a picture. -AspectRatio is width over height, for example 16:9 or 1.85, at most 10:1 or 1:10.");
}
