using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Scenes.Checkpoints;

/// <summary>A zip archive laid out as <c>torch.save</c> does: stored entries, data on multiples of 64 bytes, sizes behind the data.</summary>
public sealed class StoredArchive(Stream stream, bool zip64 = false) : IDisposable
{
    private const int Alignment = 64;
    private const ushort SizesFollowAndUtf8 = 0x0808;
    private static readonly uint[] CrcTable = MakeCrcTable();

    private readonly List<Entry> _entries = [];
    private string _name = "";
    private long _header;
    private long _data;
    private uint _crc;

    private sealed record Entry(string Name, uint Crc, long Length, long Header);

    /// <summary>Adds an entry.</summary>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        Begin(name);
        Write(bytes);
        End();
    }

    /// <summary>Starts an entry.</summary>
    public void Begin(string name)
    {
        (_name, _header, _crc) = (name, stream.Position, uint.MaxValue);
        byte[] text = Encoding.UTF8.GetBytes(name);
        int padding = (int)((Alignment - (_header + 30 + text.Length + 4) % Alignment) % Alignment);
        var header = new byte[30 + text.Length + 4 + padding];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), SizesFollowAndUtf8);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)text.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)(4 + padding));
        text.CopyTo(header, 30);
        "FB"u8.CopyTo(header.AsSpan(30 + text.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32 + text.Length), (ushort)padding);
        stream.Write(header);
        _data = stream.Position;
    }

    /// <summary>Writes more of the entry.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _crc = Crc(_crc, bytes);
        stream.Write(bytes);
    }

    /// <summary>Ends the entry.</summary>
    public void End()
    {
        var entry = new Entry(_name, ~_crc, stream.Position - _data, _header);
        _entries.Add(entry);
        var sizes = new byte[zip64 ? 24 : 16];
        BinaryPrimitives.WriteUInt32LittleEndian(sizes, 0x08074b50);
        BinaryPrimitives.WriteUInt32LittleEndian(sizes.AsSpan(4), entry.Crc);
        if (zip64)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(8), entry.Length);
            BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(16), entry.Length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sizes.AsSpan(8), (uint)entry.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(sizes.AsSpan(12), (uint)entry.Length);
        }
        stream.Write(sizes);
    }

    /// <summary>Writes the directory.</summary>
    public void Dispose()
    {
        long start = stream.Position;
        foreach (var entry in _entries) stream.Write(DirectoryLine(entry));
        long length = stream.Position - start;
        if (zip64) WriteZip64End(start, length);
        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), zip64 ? uint.MaxValue : (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), zip64 ? uint.MaxValue : (uint)start);
        stream.Write(end);
    }

    private byte[] DirectoryLine(Entry entry)
    {
        byte[] text = Encoding.UTF8.GetBytes(entry.Name);
        var line = new byte[46 + text.Length + (zip64 ? 28 : 0)];
        BinaryPrimitives.WriteUInt32LittleEndian(line, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(line.AsSpan(8), SizesFollowAndUtf8);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(16), entry.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(20), zip64 ? uint.MaxValue : (uint)entry.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(24), zip64 ? uint.MaxValue : (uint)entry.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(line.AsSpan(28), (ushort)text.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(line.AsSpan(30), zip64 ? (ushort)28 : (ushort)0);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(42), zip64 ? uint.MaxValue : (uint)entry.Header);
        text.CopyTo(line, 46);
        if (!zip64) return line;
        var extra = line.AsSpan(46 + text.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], 24);
        BinaryPrimitives.WriteInt64LittleEndian(extra[4..], entry.Length);
        BinaryPrimitives.WriteInt64LittleEndian(extra[12..], entry.Length);
        BinaryPrimitives.WriteInt64LittleEndian(extra[20..], entry.Header);
        return line;
    }

    private void WriteZip64End(long start, long length)
    {
        long position = stream.Position;
        var end = new byte[56 + 20];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(4), 44);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(12), 45);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(14), 45);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(24), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(32), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(40), length);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(48), start);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(56), 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(64), position);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(72), 1);
        stream.Write(end);
    }

    // CRC-32 of IEEE 802.3, eight bytes at a time (Kounavis and Berry, "slicing by 8").
    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = CrcTable.AsSpan();
        while (bytes.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc, high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[0x700 + (int)(low & 255)] ^ table[0x600 + (int)(low >> 8 & 255)] ^ table[0x500 + (int)(low >> 16 & 255)] ^ table[0x400 + (int)(low >> 24)]
                ^ table[0x300 + (int)(high & 255)] ^ table[0x200 + (int)(high >> 8 & 255)] ^ table[0x100 + (int)(high >> 16 & 255)] ^ table[(int)(high >> 24)];
            bytes = bytes[8..];
        }
        foreach (byte b in bytes) crc = table[(int)((crc ^ b) & 255)] ^ crc >> 8;
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xedb88320 ^ c >> 1 : c >> 1;
            table[i] = c;
        }
        for (int i = 256; i < table.Length; i++) table[i] = table[table[i - 256] & 255] ^ table[i - 256] >> 8;
        return table;
    }
}
