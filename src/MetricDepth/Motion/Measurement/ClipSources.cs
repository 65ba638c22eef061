using System.Numerics;
using MetricDepth.Depth;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion.Measurement;

/// <summary>The files of a tracked clip, and how their frames pair.</summary>
/// <param name="Tracks">The tracks, which count the frames.</param>
/// <param name="Color">The clip; null if it is not at hand.</param>
/// <param name="Depth">Its depth; null for none.</param>
/// <param name="Mask">A mask and its meaning; null for none.</param>
/// <param name="MaxFrames">Read at most so many frames.</param>
/// <param name="Progress">Told when something is resized.</param>
internal sealed record ClipSources(
    PointTracks Tracks, VideoClip? Color, DepthVideo? Depth, (string Path, MaskMeaning Meaning)? Mask, long? MaxFrames, IProgress<FrameProgress>? Progress)
{
    // Rates written by different programs differ in the last digits; a resampled clip differs by more.
    private const double SameRate = 5e-4;

    private bool _toldMaskSize;

    /// <summary>The least confidence, 0..1, that counts as depth; null for any.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>The clip, or its depth where only that is at hand: one of them is always there.</summary>
    public VideoClip Picture => Color ?? Depth!;

    /// <summary>Width that tracks are given in, px.</summary>
    public int Width => Picture.Width;

    /// <summary>Height that tracks are given in, px.</summary>
    public int Height => Picture.Height;

    /// <summary>Frames to come.</summary>
    public long FrameCount => Math.Min(Tracks.FrameCount, MaxFrames ?? long.MaxValue);

    /// <summary>The frames of the tracking file.</summary>
    public IEnumerable<TrackedFrame> Frames(CancellationToken cancellation) => Tracks.Read(cancellation).TakeWhile(f => f.Index < FrameCount);

    /// <summary>How the depth video is read so that its frames pair with the clip's.</summary>
    public FrameReaderOptions DepthReading
    {
        get
        {
            bool paired = Color is null || Depth!.FrameCount is { } frames && (frames == Color.FrameCount || frames == Tracks.FrameCount);
            bool sameRate = Color is null || Math.Abs(Depth!.FrameRate.Value / Color.FrameRate.Value - 1) <= SameRate;
            return new() { FrameRate = paired || sameRate ? null : Color!.FrameRate, MaxFrames = FrameCount };
        }
    }

    /// <summary>Opens the mask; null where there is none.</summary>
    public MaskFrames? OpenMask(CancellationToken cancellation)
    {
        if (Mask is not { } mask) return null;
        var progress = _toldMaskSize ? null : Progress;
        _toldMaskSize = true;
        return new(MaskVideo.Open(mask.Path, Picture, Width, Height, progress, cancellation));
    }
}

/// <summary>A mask video frame by frame; black after its end.</summary>
internal sealed class MaskFrames(FrameReader reader) : IDisposable
{
    private readonly byte[] _pixels = new byte[reader.FrameBytes];
    private bool _ended;

    /// <summary>Frames it had.</summary>
    public long FramesRead => reader.FramesRead;

    public void Next()
    {
        if (_ended || reader.Read(_pixels)) return;
        _ended = true;
        _pixels.AsSpan().Clear();
    }

    /// <summary>Whether white covers a point.</summary>
    public bool IsMasked(Vector2 point)
    {
        int x = (int)MathF.Round(point.X), y = (int)MathF.Round(point.Y);
        return _pixels[Math.Clamp(y, 0, reader.Height - 1) * reader.Width + Math.Clamp(x, 0, reader.Width - 1)] >= MaskVideo.Foreground;
    }

    public void Dispose() => reader.Dispose();
}
