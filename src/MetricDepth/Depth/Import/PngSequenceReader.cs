using MetricDepth.Video;

namespace MetricDepth.Depth.Import;

/// <summary>16-bit grey PNGs, decoded by one ffmpeg process that is fed the files' bytes: their names never reach a command line.</summary>
internal sealed class PngSequenceReader : IDisposable
{
    private readonly FfmpegProcess _decoder;
    private readonly Thread _feeder;
    private readonly IReadOnlyList<string> _files;
    private readonly CancellationToken _cancellation;
    private Exception? _feedFailure;
    private long _framesRead;

    public PngSequenceReader(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        _files = files;
        _cancellation = cancellation;
        _decoder = new(FfmpegProgram.Ffmpeg,
            ["-hide_banner", "-loglevel", "error", "-f", "image2pipe", "-c:v", "png", "-i", "pipe:0", "-fps_mode", "passthrough",
             "-f", "rawvideo", "-pix_fmt", "gray16le", "pipe:1"], cancellation, feeds: true);
        _feeder = new Thread(Feed) { IsBackground = true, Name = "PNG feeder" };
        _feeder.Start();
    }

    public bool Read(Span<byte> frame)
    {
        if (_framesRead == _files.Count) return false;
        int got = _decoder.Output.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
        _cancellation.ThrowIfCancellationRequested();
        if (got < frame.Length)
            throw _feedFailure ?? new MetricDepthException("VideoDamaged", FailureKind.InvalidData,
                $"'{_files[(int)_framesRead]}' cannot be decoded. Replace it, or leave it out.");
        _framesRead++;
        return true;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _feeder.Join();
    }

    private void Feed()
    {
        try
        {
            foreach (string file in _files)
            {
                using var source = File.OpenRead(file);
                source.CopyTo(_decoder.Input);
            }
            _decoder.Input.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // a broken pipe: the decoder has ended, and the reader tells why; anything else is told by the reader too
            _feedFailure = e is UnauthorizedAccessException
                ? new MetricDepthException("FileNotReadable", FailureKind.Storage, e.Message, e) : null;
            _decoder.Kill();
        }
    }
}
