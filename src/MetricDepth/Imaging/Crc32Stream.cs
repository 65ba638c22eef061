namespace MetricDepth.Imaging;

/// <summary>Reads another stream and, when that ends, holds what was read against its checksum: damage that still unpacks is not taken for data.</summary>
/// <param name="inner">Disposed with this.</param>
/// <param name="expected">The checksum of all of it.</param>
internal sealed class Crc32Stream(Stream inner, uint expected) : ReadOnlyStream
{
    private uint _crc;

    /// <exception cref="InvalidDataException">The end has come, and the checksum is another.</exception>
    public override int Read(Span<byte> buffer)
    {
        int n = inner.Read(buffer);
        _crc = Crc32.Append(buffer[..n], _crc);
        if (n == 0 && buffer.Length > 0 && _crc != expected) throw new InvalidDataException("its checksum is wrong, so it is damaged");
        return n;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
