namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// A file, or a folder of files, that is being written in one format. Disposing without completing leaves no half file behind.
/// </summary>
internal abstract class DepthVideoTarget : IDisposable
{
    /// <summary>Makes what encodes a frame; called once for each frame in flight.</summary>
    public abstract DepthFrameEncoder CreateEncoder();

    /// <summary>Writes an encoded frame; called in order of frames, on one thread.</summary>
    /// <param name="frame">The frame's number in the video, from 0.</param>
    /// <param name="encoded">What one of this target's encoders made of it.</param>
    public abstract void Write(long frame, DepthFrameEncoder encoded);

    /// <summary>Finishes it.</summary>
    /// <returns>The file, or the folder.</returns>
    public abstract FileSystemInfo Complete();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what it holds, and deletes what is not complete.</summary>
    protected abstract void Dispose(bool disposing);
}
