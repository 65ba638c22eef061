using System.Runtime.InteropServices;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>Writes a depth video with its tags and, where it has one, its confidence video. Both get their names, or neither.</summary>
public sealed class DepthVideoWriter : IDisposable
{
    private readonly FrameWriter _writer;
    private readonly DepthVideo _video;
    private readonly uint[] _pixels;
    private readonly FrameWriter? _confidenceWriter;
    private readonly byte[] _confidence;

    private DepthVideoWriter(DepthVideo video, FrameWriter writer, FrameWriter? confidenceWriter)
    {
        (_video, _writer, _confidenceWriter) = (video, writer, confidenceWriter);
        _pixels = new uint[video.Width * video.Height];
        _confidence = new byte[confidenceWriter is null ? 0 : _pixels.Length];
    }

    /// <summary>Starts writing.</summary>
    /// <param name="video">Path, size, rate and facts of the file to be made; with a confidence path, of both files.</param>
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
        var writer = FrameWriter.Open(video.Path, options, cancellation);
        try
        {
            return new(video, writer, video.ConfidencePath is not { } confidence ? null : FrameWriter.Open(confidence,
                options with { Layout = PixelLayout.Gray8, Tags = new Dictionary<string, string>() }, cancellation));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Frames written so far.</summary>
    public long FramesWritten => _writer.FramesWritten;

    /// <summary>Pixels clamped to the largest depth so far.</summary>
    public long ClampedPixels { get; private set; }

    /// <summary>Share of all pixels that were clamped, 0..1.</summary>
    public double ClampedShare => FramesWritten == 0 ? 0 : (double)ClampedPixels / (FramesWritten * _pixels.Length);

    /// <summary>Writes the next frame.</summary>
    /// <param name="depth">Metres, 0 = no depth.</param>
    /// <param name="confidence">0..1; needed if there is to be a confidence video, else not looked at.</param>
    public void Write(Plane<float> depth, Plane<float>? confidence = null)
    {
        if (depth.Width != _video.Width || depth.Height != _video.Height)
            throw new ArgumentException($"The plane is {depth.Width}x{depth.Height}, the video {_video.Width}x{_video.Height}.", nameof(depth));
        ClampedPixels += DepthCodec.Encode(depth.Span, _pixels, _video.MaxDepth);
        _writer.Write(MemoryMarshal.AsBytes(_pixels.AsSpan()));
        if (_confidenceWriter is null) return;
        if (confidence is null || confidence.Data.Length != _confidence.Length)
            throw new ArgumentException("The confidence video needs a confidence for every pixel.", nameof(confidence));
        for (int i = 0; i < _confidence.Length; i++) _confidence[i] = (byte)(Math.Clamp(confidence.Data[i], 0, 1) * ConfidenceMask.Full + 0.5f);
        _confidenceWriter.Write(_confidence);
    }

    /// <summary>Finishes, verifies and renames.</summary>
    public DepthVideo Complete()
    {
        string? confidence = _confidenceWriter?.Complete().Path;
        try
        {
            var clip = _writer.Complete();
            return DepthVideoTags.Read(clip) with { ColorPath = _video.ColorPath, ConfidencePath = confidence, Quality = _video.Quality };
        }
        catch when (confidence is not null)
        {
            File.Delete(confidence);
            throw;
        }
    }

    /// <summary>What to tell the user about clamping; null when nothing was clamped.</summary>
    public string? ClampingMessage => ClampedPixels == 0 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{ClampedShare:P1} of the pixels are farther than {_video.MaxDepth} m and were set to it. Give a larger -MaxDepth to keep them.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _confidenceWriter?.Dispose();
    }
}
