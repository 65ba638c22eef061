using MetricDepth.Video;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A video file: encoders make raw frames, ffmpeg stores them.</summary>
internal sealed class VideoTarget : DepthVideoTarget
{
    private readonly FrameWriter _writer;
    private readonly Func<DepthFrameEncoder> _createEncoder;

    /// <summary>Starts writing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="writing">How frames are stored.</param>
    /// <param name="createEncoder">Makes an encoder.</param>
    /// <param name="progress">Told which encoder of ffmpeg was taken where there is a choice.</param>
    /// <param name="cancellation">Stops it.</param>
    public VideoTarget(string path, FrameWriterOptions writing, Func<DepthFrameEncoder> createEncoder, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        _createEncoder = createEncoder;
        _writer = FrameWriter.Open(path, writing, cancellation, progress);
    }

    /// <inheritdoc/>
    public override DepthFrameEncoder CreateEncoder() => _createEncoder();

    /// <inheritdoc/>
    public override void Write(long frame, DepthFrameEncoder encoded) => _writer.Write(encoded.Bytes);

    /// <inheritdoc/>
    public override FileSystemInfo Complete() => new FileInfo(_writer.Complete().Path);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _writer.Dispose();
}
