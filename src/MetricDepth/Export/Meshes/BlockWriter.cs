namespace MetricDepth.Export.Meshes;

/// <summary>Collects bytes into blocks for a stream, so that arrays are converted on their way and never held twice.</summary>
/// <param name="stream">Where to.</param>
/// <param name="cancellation">Stops between two blocks.</param>
internal sealed class BlockWriter(Stream stream, CancellationToken cancellation)
{
    private readonly byte[] _block = new byte[1 << 16];
    private int _filled;

    /// <summary>Room for the next bytes, all of which the caller fills.</summary>
    /// <param name="bytes">How many; less than a block.</param>
    public Span<byte> Next(int bytes)
    {
        if (_filled + bytes > _block.Length) Flush();
        _filled += bytes;
        return _block.AsSpan(_filled - bytes, bytes);
    }

    /// <summary>Room for up to so many bytes, of which <see cref="Advance"/> tells how many were filled.</summary>
    /// <param name="bytes">The most; less than a block.</param>
    public Span<byte> Room(int bytes)
    {
        if (_filled + bytes > _block.Length) Flush();
        return _block.AsSpan(_filled, bytes);
    }

    /// <summary>Says how much of <see cref="Room"/> was filled.</summary>
    public void Advance(int bytes) => _filled += bytes;

    /// <summary>Writes bytes that are ready.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Flush();
        stream.Write(bytes);
    }

    /// <summary>Hands what is collected to the stream.</summary>
    public void Flush()
    {
        cancellation.ThrowIfCancellationRequested();
        stream.Write(_block, 0, _filled);
        _filled = 0;
    }
}
