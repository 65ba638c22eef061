using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export.Frames;

/// <summary>The frames of one video that an export takes: every n-th, or chosen ones. The others are passed over.</summary>
internal sealed class FrameFeed : IDisposable
{
    private readonly FrameReader? _consecutive;
    private readonly PickedFrames? _picked;
    private readonly int _every;
    private bool _begun;

    private FrameFeed(FrameReader? consecutive, PickedFrames? picked, int every) => (_consecutive, _picked, _every) = (consecutive, picked, every);

    /// <summary>Starts reading.</summary>
    /// <param name="clip">The video.</param>
    /// <param name="reading">How to read it.</param>
    /// <param name="frames">The frames wanted, ascending; null for every n-th.</param>
    /// <param name="every">n.</param>
    /// <param name="cancellation">Stops decoding.</param>
    public static FrameFeed Open(VideoClip clip, FrameReaderOptions reading, IReadOnlyList<long>? frames, int every, CancellationToken cancellation) =>
        frames is null
            ? new(FrameReader.Open(clip, reading, cancellation), null, every)
            : new(null, new(clip, reading, frames, cancellation), every);

    /// <summary>Reads the next frame that is taken; false at the end.</summary>
    /// <exception cref="MetricDepthException">A chosen frame does not exist.</exception>
    public bool Read(Span<byte> frame)
    {
        if (_picked is not null) return _picked.Read(frame);
        for (int passed = _begun ? 1 : _every; passed < _every; passed++)
            if (!_consecutive!.Read(frame)) return false;
        _begun = true;
        return _consecutive!.Read(frame);
    }

    public void Dispose()
    {
        _consecutive?.Dispose();
        _picked?.Dispose();
    }
}
