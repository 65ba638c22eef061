using System.Globalization;

namespace MetricDepth.Video;

/// <summary>Refuses what no encoder can do, before any work is done.</summary>
internal static class EncodingCheck
{
    /// <summary>Throws on a rate factor out of range, and on one for a lossless result.</summary>
    /// <exception cref="MetricDepthException">The options cannot be used together.</exception>
    public static void ThrowIfUnusable(VideoCodec codec, double? rateFactor, bool prefersHardware)
    {
        if (rateFactor is { } factor && !(factor is >= 0 and <= 51))
            throw new MetricDepthException("RateFactorOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A constant rate factor of {factor} is not in 0..51. 16 looks lossless, 23 is good, more is smaller and worse."));
        if (codec == VideoCodec.Lossless && (rateFactor is not null || prefersHardware))
            throw new MetricDepthException("CodecIsLossless", FailureKind.InvalidArgument,
                "A lossless result has no constant rate factor and is not encoded in hardware. Give -Codec H264, Hevc or Av1 as well.");
    }
}
