using MetricDepth.Imaging;

namespace MetricDepth.Depth.Import;

/// <summary>A NumPy array.</summary>
internal sealed class NpyKind : DepthSourceKind
{
    /// <inheritdoc/>
    public override string Extension => ".npy";

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> head) => head is [0x93, ..] && head[1..].StartsWith("NUMPY"u8);

    /// <inheritdoc/>
    public override DepthSource Open(IReadOnlyList<string> files, DepthImportOptions options, CancellationToken cancellation)
    {
        string path = files[0];
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            var frames = NpyFrames.Open(stream, stream.Length);
            return new NpySource(path, frames, StoredUnit.For(frames.Element, path, options.DepthUnit), [stream])
            {
                Width = frames.Width,
                Height = frames.Height,
                FrameCount = frames.Frames,
            };
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (e is InvalidDataException or IOException) throw NpySource.Malformed(path, e);
            throw;
        }
    }
}
