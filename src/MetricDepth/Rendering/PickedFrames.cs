using System.Globalization;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Chosen frames of a video, in ascending order. What lies between is jumped over, unless it is short.</summary>
/// <param name="clip">The video.</param>
/// <param name="reading">How to read it.</param>
/// <param name="frames">Frame numbers from 0, ascending, none twice.</param>
/// <param name="cancellation">Stops decoding.</param>
internal sealed class PickedFrames(VideoClip clip, FrameReaderOptions reading, IReadOnlyList<long> frames, CancellationToken cancellation) : IDisposable
{
    /// <summary>The id of the error that a chosen frame does not exist.</summary>
    public const string BeyondEnd = "FrameBeyondEnd";

    // To decode so many frames costs about what a new decoder and its seek cost.
    private const int ShortGap = 12;

    // A count of frames may be an estimate; only what is clearly behind the end is refused before it is tried.
    private const long CountTolerance = 2;

    private FrameReader? _reader;
    private long _next;
    private int _done;

    /// <summary>Refuses a frame that the video does not have by its own count, before anything is done.</summary>
    /// <exception cref="MetricDepthException"><c>FrameBeyondEnd</c>.</exception>
    public static void ThrowIfBeyondEnd(VideoClip clip, long frame)
    {
        if (clip.FrameCount + CountTolerance <= frame)
            throw new MetricDepthException(BeyondEnd, FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"'{clip.Path}' has {clip.FrameCount} frames, and no frame {frame}. Frames are counted from 0; give -Frame smaller numbers."));
    }

    /// <summary>Reads the next chosen frame; false when all are read.</summary>
    /// <exception cref="MetricDepthException">The video ends before it.</exception>
    public bool Read(Span<byte> frame)
    {
        if (_done == frames.Count) return false;
        long wanted = frames[_done];
        if (_reader is null || wanted - _next > ShortGap)
        {
            _reader?.Dispose();
            _reader = FrameReader.Open(clip, reading with { FirstFrame = wanted, MaxFrames = null, Seek = true }, cancellation);
            _next = wanted;
        }
        for (; _next <= wanted; _next++)
            if (!_reader.Read(frame))
                throw new MetricDepthException(BeyondEnd, FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                    $"'{clip.Path}' has no frame {wanted}: it ends before. Frames are counted from 0; give -Frame smaller numbers."));
        _done++;
        return true;
    }

    public void Dispose() => _reader?.Dispose();
}
