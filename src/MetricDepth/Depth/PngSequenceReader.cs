using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>16-bit grey PNGs, decoded by one ffmpeg process that is fed the files' bytes: their names never reach a command line.</summary>
internal sealed class PngSequenceReader : IDisposable
{
    private readonly FfmpegProcess decoder;
    private readonly Thread feeder;
    private readonly IReadOnlyList<string> files;
    private readonly CancellationToken cancellation;
    private Exception? feedFailure;
    private long framesRead;

    public PngSequenceReader(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        this.files = files;
        this.cancellation = cancellation;
        decoder = new(FfmpegProgram.Ffmpeg,
            ["-hide_banner", "-loglevel", "error", "-f", "image2pipe", "-c:v", "png", "-i", "pipe:0", "-fps_mode", "passthrough",
             "-f", "rawvideo", "-pix_fmt", "gray16le", "pipe:1"], cancellation, feeds: true);
        feeder = new Thread(Feed) { IsBackground = true, Name = "PNG feeder" };
        feeder.Start();
    }

    public bool Read(Span<byte> frame)
    {
        if (framesRead == files.Count) return false;
        int got = decoder.Output.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
        cancellation.ThrowIfCancellationRequested();
        if (got < frame.Length)
            throw feedFailure ?? new MetricDepthException("VideoDamaged", FailureKind.InvalidData,
                $"'{files[(int)framesRead]}' cannot be decoded. Replace it, or leave it out.");
        framesRead++;
        return true;
    }

    public void Dispose()
    {
        decoder.Dispose();
        feeder.Join();
    }

    private void Feed()
    {
        try
        {
            foreach (string file in files)
            {
                using var source = File.OpenRead(file);
                source.CopyTo(decoder.Input);
            }
            decoder.Input.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // a broken pipe: the decoder has ended, and the reader tells why; anything else is told by the reader too
            feedFailure = e is UnauthorizedAccessException
                ? new MetricDepthException("FileNotReadable", FailureKind.Storage, e.Message, e) : null;
            decoder.Kill();
        }
    }
}
