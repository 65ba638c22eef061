using System.Globalization;
using System.Runtime.Intrinsics;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>
/// Leaves out depth that its estimator is not sure of: where the confidence video beside a depth video is below a limit, the depth's
/// code becomes 0, <em>no depth here</em>, and everything downstream treats it as such.
/// </summary>
internal sealed class ConfidenceMask
{
    /// <summary>The code of full confidence.</summary>
    public const byte Full = 255;

    private readonly byte _least;

    private ConfidenceMask(VideoClip clip, byte least) => (Clip, _least) = (clip, least);

    /// <summary>The confidence video, of the depth video's size.</summary>
    public VideoClip Clip { get; }

    /// <summary>The mask of a depth video; null where nothing is to be left out.</summary>
    /// <param name="depth">The depth video.</param>
    /// <param name="minConfidence">The limit, 0..1; null for none.</param>
    /// <param name="cancellation">Stops probing.</param>
    /// <exception cref="MetricDepthException">
    /// <c>MinConfidenceOutOfRange</c>; <c>ConfidenceMissing</c>: the depth video has none; <c>ConfidenceMismatch</c>: it is of another
    /// size or rate, or no confidence video.
    /// </exception>
    public static ConfidenceMask? For(DepthVideo depth, double? minConfidence, CancellationToken cancellation)
    {
        if (minConfidence is not { } limit) return null;
        if (!(limit is >= 0 and <= 1))
            throw new MetricDepthException("MinConfidenceOutOfRange", FailureKind.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"-MinConfidence {limit} is out of range. Confidence is 0 to 1; give 0.5 to keep what is more likely right than not."));
        if (depth.ConfidencePath is not { } path)
            throw new MetricDepthException("ConfidenceMissing", FailureKind.InvalidArgument,
                $"'{depth.Path}' has no confidence video. Make it with ConvertTo-MetricDepth -Confidence, or leave -MinConfidence out.");
        var clip = VideoProbe.Probe(path, cancellation);
        if (clip.Source.PixelFormat != "gray") throw Mismatch(path, depth, "it is not 8-bit grey");
        if ((clip.Width, clip.Height) != (depth.Width, depth.Height)) throw Mismatch(path, depth, $"it has {clip.Size} pixels, the depth {depth.Size}");
        if (clip.FrameRate != depth.FrameRate) throw Mismatch(path, depth, $"it has {clip.FrameRate} frames per second, the depth {depth.FrameRate}");
        // the tolerance keeps 0.2 at code 51 whatever the last bit of 0.2 · 255 is
        byte least = (byte)Math.Ceiling(limit * Full - 1e-9);
        return least == 0 ? null : new(clip, least);
    }

    /// <summary>How the confidence is to be read where the depth is read like this.</summary>
    public static FrameReaderOptions Reading(FrameReaderOptions depth) => depth with { Layout = PixelLayout.Gray8 };

    /// <summary>Clears the codes of pixels below the limit.</summary>
    /// <param name="codes">A depth frame, BGR0 codes.</param>
    /// <param name="confidence">Its confidence, 0..255.</param>
    public void Apply(Span<uint> codes, ReadOnlySpan<byte> confidence)
    {
        int i = 0;
        for (int lanes = Vector128<byte>.Count; i + lanes <= codes.Length && i + lanes <= confidence.Length; i += lanes)
            if (Vector128.LessThanAny(Vector128.Create(confidence[i..]), Vector128.Create(_least))) Clear(codes.Slice(i, lanes), confidence.Slice(i, lanes));
        Clear(codes[i..], confidence[i..]);
    }

    private void Clear(Span<uint> codes, ReadOnlySpan<byte> confidence)
    {
        for (int i = 0; i < codes.Length; i++)
            if (confidence[i] < _least) codes[i] = 0;
    }

    /// <summary>The confidence video ends before its depth video.</summary>
    public MetricDepthException EndsEarly(DepthVideo depth) => Mismatch(Clip.Path, depth, "it ends before the depth");

    private static MetricDepthException Mismatch(string path, DepthVideo depth, string why) =>
        new("ConfidenceMismatch", FailureKind.InvalidData,
            $"'{path}' is not the confidence of '{depth.Path}': {why}. Make both anew with ConvertTo-MetricDepth -Confidence, or leave -MinConfidence out.");
}
