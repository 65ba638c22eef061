using System.Runtime.InteropServices;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>Frames of a depth video in metres.</summary>
public sealed class DepthVideoReader : IDisposable
{
    /// <summary>Depth codes have equal red and green; a picture that is no depth differs at nearly every pixel.</summary>
    private const double MaxUnequalShare = 0.02;

    private static readonly string[] RgbFormats =
        ["bgra", "bgr0", "rgba", "rgb0", "argb", "abgr", "0rgb", "0bgr", "rgb24", "bgr24", "gbrp", "gbrap"];

    private readonly FrameReader _reader;
    private readonly DepthVideo _video;
    private readonly uint[] _pixels;
    private readonly ConfidenceMask? _mask;
    private readonly FrameReader? _confidenceReader;
    private readonly byte[] _confidence = [];

    private DepthVideoReader(DepthVideo video, FrameReaderOptions reading, ConfidenceMask? mask, CancellationToken cancellation)
    {
        (_video, _mask) = (video, mask);
        _reader = FrameReader.Open(video, reading, cancellation);
        if (mask is not null)
        {
            try
            {
                _confidenceReader = FrameReader.Open(mask.Clip, ConfidenceMask.Reading(reading), cancellation);
            }
            catch
            {
                _reader.Dispose();
                throw;
            }
            _confidence = new byte[_confidenceReader.FrameBytes];
        }
        _pixels = new uint[_reader.FrameBytes / sizeof(uint)];
    }

    /// <summary>Opens the facts of a depth video; a file without our tags is read with the defaults.</summary>
    /// <exception cref="MetricDepthException">It is missing, no video, or a video that holds no depth codes.</exception>
    public static DepthVideo Probe(string path, CancellationToken cancellation = default)
    {
        var clip = VideoProbe.Probe(path, cancellation);
        if (!IsRgb(clip.Source.PixelFormat))
            throw NotDepth(path, clip.Source.PixelFormat.StartsWith("gray16", StringComparison.Ordinal)
                ? "it holds 16-bit grey. Use Import-DepthVideo with -DepthUnit"
                : "its pixels are not RGB. Make one with ConvertTo-MetricDepth");
        if (DepthVideoTags.ReadEncoding(clip.Tags) is not null)
            throw NotDepth(path, "it is grey that Export-DepthVideo made for other programs. Take the depth video that it was made from, or Import-DepthVideo");
        var video = DepthVideoTags.Read(clip);
        if (!clip.Tags.ContainsKey(DepthVideoTags.Version)) RequireDepthCodes(video, cancellation);
        return video;
    }

    /// <summary>Starts reading.</summary>
    public static DepthVideoReader Open(DepthVideo video, CancellationToken cancellation, long? maxFrames = null) =>
        new(video, new() { MaxFrames = maxFrames }, null, cancellation);

    /// <summary>Starts reading with depth left out where its confidence is too low.</summary>
    /// <param name="video">The depth video.</param>
    /// <param name="minConfidence">The least confidence, 0..1, that counts as depth; null for any.</param>
    /// <param name="reading">Which frames, at the size they have.</param>
    /// <param name="cancellation">Stops decoding.</param>
    /// <exception cref="MetricDepthException">A limit is given, but is out of range, or there is no confidence video that fits.</exception>
    internal static DepthVideoReader Open(DepthVideo video, double? minConfidence, FrameReaderOptions reading, CancellationToken cancellation) =>
        new(video, reading, ConfidenceMask.For(video, minConfidence, cancellation), cancellation);

    /// <summary>Frames read so far.</summary>
    public long FramesRead => _reader.FramesRead;

    /// <summary>Reads the next frame, metres, 0 = no depth; false at the end.</summary>
    public bool Read(Plane<float> depth)
    {
        if (depth.Width != _reader.Width || depth.Height != _reader.Height)
            throw new ArgumentException($"The plane is {depth.Width}x{depth.Height}, the video {_reader.Width}x{_reader.Height}.", nameof(depth));
        if (!ReadPixels(_pixels)) return false;
        DepthCodec.Decode(_pixels, depth.Span, _video.MaxDepth);
        return true;
    }

    /// <summary>Reads the next frame as codes, to be decoded elsewhere; false at the end.</summary>
    public bool ReadPixels(Span<uint> codes)
    {
        if (!_reader.Read(MemoryMarshal.AsBytes(codes))) return false;
        if (_mask is null) return true;
        if (!_confidenceReader!.Read(_confidence)) throw _mask.EndsEarly(_video);
        _mask.Apply(codes, _confidence);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _confidenceReader?.Dispose();
    }

    /// <summary>Whether ffmpeg's name of a pixel format means three channels of eight bits, stored as they are.</summary>
    internal static bool IsRgb(string pixelFormat) => RgbFormats.Contains(pixelFormat);

    private static void RequireDepthCodes(DepthVideo video, CancellationToken cancellation)
    {
        using var reader = Open(video, cancellation, maxFrames: 1);
        if (!reader.ReadPixels(reader._pixels)) return;
        int unequal = 0;
        foreach (uint p in reader._pixels)
            if (((p >> 16) & 0xFF) != ((p >> 8) & 0xFF)) unequal++;
        if (unequal > reader._pixels.Length * MaxUnequalShare)
            throw NotDepth(video.Path, "red and green differ, so it is a picture. Make its depth with ConvertTo-MetricDepth");
    }

    private static MetricDepthException NotDepth(string path, string why) =>
        new("NotADepthVideo", FailureKind.InvalidData, $"'{path}' is not a depth video: {why}.");
}
