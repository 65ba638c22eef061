using System.Runtime.InteropServices;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>Writes a depth video with its tags.</summary>
public sealed class DepthVideoWriter : IDisposable
{
    private readonly FrameWriter _writer;
    private readonly DepthVideo _video;
    private readonly uint[] _pixels;

    private DepthVideoWriter(DepthVideo video, FrameWriter writer)
    {
        _video = video;
        _writer = writer;
        _pixels = new uint[video.Width * video.Height];
    }

    /// <summary>Starts writing.</summary>
    /// <param name="video">Path, size, rate and facts of the file to be made.</param>
    /// <param name="overwrite">Replace an existing file.</param>
    /// <param name="cancellation">Stops the encoder.</param>
    public static DepthVideoWriter Open(DepthVideo video, bool overwrite, CancellationToken cancellation)
    {
        var options = new FrameWriterOptions
        {
            Width = video.Width,
            Height = video.Height,
            FrameRate = video.FrameRate,
            Tags = DepthVideoTags.Write(video),
            Overwrite = overwrite,
        };
        return new(video, FrameWriter.Open(video.Path, options, cancellation));
    }

    /// <summary>Frames written so far.</summary>
    public long FramesWritten => _writer.FramesWritten;

    /// <summary>Pixels clamped to the largest depth so far.</summary>
    public long ClampedPixels { get; private set; }

    /// <summary>Share of all pixels that were clamped, 0..1.</summary>
    public double ClampedShare => FramesWritten == 0 ? 0 : (double)ClampedPixels / (FramesWritten * _pixels.Length);

    /// <summary>Writes the next frame, metres, 0 = no depth.</summary>
    public void Write(Plane<float> depth)
    {
        if (depth.Width != _video.Width || depth.Height != _video.Height)
            throw new ArgumentException($"The plane is {depth.Width}x{depth.Height}, the video {_video.Width}x{_video.Height}.", nameof(depth));
        ClampedPixels += DepthCodec.Encode(depth.Span, _pixels, _video.MaxDepth);
        _writer.Write(MemoryMarshal.AsBytes(_pixels.AsSpan()));
    }

    /// <summary>Finishes, verifies and renames.</summary>
    public DepthVideo Complete()
    {
        var clip = _writer.Complete();
        return DepthVideoTags.Read(clip) with { ColorPath = _video.ColorPath, Quality = _video.Quality };
    }

    /// <summary>What to tell the user about clamping; null when nothing was clamped.</summary>
    public string? ClampingMessage => ClampedPixels == 0 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{ClampedShare:P1} of the pixels are farther than {_video.MaxDepth} m and were set to it. Give a larger -MaxDepth to keep them.");

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
