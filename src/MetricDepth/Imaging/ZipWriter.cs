using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Imaging;

/// <summary>
/// Writes a zip archive (PKWARE's APPNOTE, with zip64 in every entry, so that none is too large) of deflated pieces made elsewhere, at
/// once on several threads if need be. An entry's first bytes can be changed until it ends: they stand in a stored block of their own.
/// </summary>
internal sealed class ZipWriter
{
    private const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50, EndRecord = 0x06054b50;
    private const uint Zip64EndRecord = 0x06064b50, Zip64Locator = 0x07064b50;
    private const ushort Version = 45; // 4.5 brought zip64
    private const ushort Deflated = 8;
    private const ushort Zip64Extra = 1;
    private const ushort Date = 1 << 5 | 1; // 1 January 1980, zip's first day: the same input gives the same file
    private const int BlockHeadBytes = 5;
    private readonly Stream _stream;
    private readonly List<Entry> _entries = [];
    private long _dataStart;
    private byte[] _head = [];

    /// <param name="stream">Where to; it must know its position.</param>
    public ZipWriter(Stream stream) => _stream = stream;

    /// <summary>Begins an entry.</summary>
    /// <param name="name">Its name; ASCII.</param>
    /// <param name="head">Its first bytes, at most 65,535.</param>
    public void Begin(string name, byte[] head)
    {
        _entries.Add(new() { Name = Encoding.ASCII.GetBytes(name), Offset = _stream.Position });
        _head = head;
        WriteLocalHeader(_entries[^1]);
        _dataStart = _stream.Position;
        WriteHead();
    }

    /// <summary>Adds a piece to the entry.</summary>
    public void Add(DeflatedPiece piece)
    {
        var entry = _entries[^1];
        _stream.Write(piece.Packed.Span);
        entry.Crc = Crc32.Combine(entry.Crc, piece.Crc, piece.Length);
        entry.Length += piece.Length;
    }

    /// <summary>Ends the entry.</summary>
    /// <param name="head">Its first bytes as they are now known to be, as many as before.</param>
    public void End(byte[] head)
    {
        if (head.Length != _head.Length) throw new ArgumentException("The first bytes are another number than before.", nameof(head));
        var entry = _entries[^1];
        _stream.Write([3, 0]); // an empty last block
        long end = _stream.Position;
        entry.Packed = end - _dataStart;
        entry.Crc = Crc32.Combine(Crc32.Append(head), entry.Crc, entry.Length);
        entry.Length += head.Length;
        _head = head;
        _stream.Position = entry.Offset;
        WriteLocalHeader(entry);
        WriteHead();
        _stream.Position = end;
    }

    /// <summary>Writes the archive's directory.</summary>
    public void Complete()
    {
        long start = _stream.Position;
        foreach (var entry in _entries) WriteCentralHeader(entry);
        long end = _stream.Position;
        Write(Zip64EndRecord);
        Write(44ul);
        Write(Version);
        Write(Version);
        Write(0u);
        Write(0u);
        Write((ulong)_entries.Count);
        Write((ulong)_entries.Count);
        Write((ulong)(end - start));
        Write((ulong)start);
        Write(Zip64Locator);
        Write(0u);
        Write((ulong)end);
        Write(1u);
        Write(EndRecord);
        Write(0u);
        Write((ushort)_entries.Count);
        Write((ushort)_entries.Count);
        Write((uint)Math.Min(end - start, uint.MaxValue));
        Write((uint)Math.Min(start, uint.MaxValue));
        Write((ushort)0);
    }

    private void WriteHead()
    {
        Span<byte> block = stackalloc byte[BlockHeadBytes]; // 0: neither the last nor packed; then the length and its complement
        BinaryPrimitives.WriteUInt16LittleEndian(block[1..], (ushort)_head.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block[3..], (ushort)~_head.Length);
        _stream.Write(block);
        _stream.Write(_head);
    }

    private void WriteLocalHeader(Entry entry)
    {
        Write(LocalHeader);
        WriteFacts(entry);
        Write((ushort)entry.Name.Length);
        Write((ushort)20);
        _stream.Write(entry.Name);
        Write(Zip64Extra);
        Write((ushort)16);
        Write((ulong)entry.Length);
        Write((ulong)entry.Packed);
    }

    private void WriteCentralHeader(Entry entry)
    {
        Write(CentralHeader);
        Write(Version);
        WriteFacts(entry);
        Write((ushort)entry.Name.Length);
        Write((ushort)28);
        Write((ushort)0); // comment
        Write((ushort)0); // disk
        Write((ushort)0); // what it is
        Write(0u);
        Write(uint.MaxValue);
        _stream.Write(entry.Name);
        Write(Zip64Extra);
        Write((ushort)24);
        Write((ulong)entry.Length);
        Write((ulong)entry.Packed);
        Write((ulong)entry.Offset);
    }

    private void WriteFacts(Entry entry)
    {
        Write(Version);
        Write((ushort)0);
        Write(Deflated);
        Write((ushort)0);
        Write(Date);
        Write(entry.Crc);
        Write(uint.MaxValue);
        Write(uint.MaxValue);
    }

    private void Write(ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _stream.Write(bytes);
    }

    private void Write(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _stream.Write(bytes);
    }

    private void Write(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _stream.Write(bytes);
    }

    private sealed class Entry
    {
        public required byte[] Name { get; init; }

        public long Offset { get; init; }

        public uint Crc { get; set; }

        public long Length { get; set; }

        public long Packed { get; set; }
    }
}
