using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>An entry of a zip archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Offset">Where in the file its bytes begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="IsStored">Whether they are there as they are, neither compressed nor encrypted.</param>
internal readonly record struct ZipEntry(string Name, long Offset, long Length, bool IsStored);

/// <summary>Where the entries of a zip archive lie in its file (PKWARE's APPNOTE, with zip64): .NET's own reader does not tell.</summary>
internal static class ZipDirectory
{
    private const uint LocalHeader = 0x04034b50;
    private const uint CentralHeader = 0x02014b50;
    private const uint EndRecord = 0x06054b50;
    private const uint Zip64EndRecord = 0x06064b50;
    private const uint Zip64Locator = 0x07064b50;
    private const int EndRecordLength = 22;
    private const int LongestComment = 0xffff;
    private const int LocatorLength = 20;
    private const int Zip64EndLength = 56;
    private const int CentralHeaderLength = 46;
    private const int LocalHeaderLength = 30;
    private const int Zip64Extra = 1;
    // A network of 100,000 tensors needs a tenth of this.
    private const int LongestDirectory = 1 << 26;
    private const int MostEntries = 500_000;

    /// <summary>Whether the file begins as a zip archive does.</summary>
    public static bool Begins(MappedFile file) => file.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(file.Bytes(0, 4)) is LocalHeader or EndRecord;

    /// <summary>The entries by name.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointMalformed</c>.</exception>
    public static Dictionary<string, ZipEntry> Read(MappedFile file)
    {
        var (offset, length, count) = FindDirectory(file);
        var directory = file.Bytes(offset, length);
        var entries = new Dictionary<string, ZipEntry>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            var entry = ReadEntry(file, ref directory, offset);
            if (!entries.TryAdd(entry.Name, entry)) throw file.Failures.Malformed($"it has two entries {CheckpointFailures.Quote(entry.Name)}");
        }
        return entries;
    }

    private static (long Offset, int Length, int Count) FindDirectory(MappedFile file)
    {
        int tailLength = (int)Math.Min(file.Length, EndRecordLength + LongestComment);
        long tailStart = file.Length - tailLength;
        var tail = file.Bytes(tailStart, tailLength);
        int at = tailLength - EndRecordLength;
        while (at >= 0 && (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) != EndRecord
            || BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) > tailLength - at - EndRecordLength)) at--;
        if (at < 0) throw file.Failures.Malformed("the archive's directory is missing, so it breaks off");
        var record = tail[at..];
        ulong count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        ulong length = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        ulong offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        long end = tailStart + at;
        if (end >= LocatorLength && BinaryPrimitives.ReadUInt32LittleEndian(file.Bytes(end - LocatorLength, 4)) == Zip64Locator)
        {
            ulong where = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(end - LocatorLength + 8, 8));
            if (where > (ulong)end || end - (long)where < Zip64EndLength) throw file.Failures.Malformed("the archive's directory lies outside the file");
            var large = file.Bytes((long)where, Zip64EndLength);
            if (BinaryPrimitives.ReadUInt32LittleEndian(large) != Zip64EndRecord) throw file.Failures.Malformed("the archive's directory is not where it should be");
            count = BinaryPrimitives.ReadUInt64LittleEndian(large[32..]);
            length = BinaryPrimitives.ReadUInt64LittleEndian(large[40..]);
            offset = BinaryPrimitives.ReadUInt64LittleEndian(large[48..]);
        }
        if (offset > (ulong)end || length > (ulong)end - offset) throw file.Failures.Malformed("the archive's directory lies outside the file");
        if (length > LongestDirectory || count > MostEntries)
            throw file.Failures.Malformed(string.Create(CultureInfo.InvariantCulture, $"it claims {count} entries, more than any network has"));
        if (count > length / CentralHeaderLength) throw file.Failures.Malformed("the archive's directory is shorter than its entries");
        return ((long)offset, (int)length, (int)count);
    }

    private static ZipEntry ReadEntry(MappedFile file, ref ReadOnlySpan<byte> directory, long dataEnd)
    {
        var failures = file.Failures;
        if (directory.Length < CentralHeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(directory) != CentralHeader)
            throw failures.Malformed("the archive's directory is damaged");
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(directory[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]);
        ulong compressed = BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]);
        ulong length = BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
        int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
        ulong header = BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]);
        if (directory.Length - CentralHeaderLength < nameLength + extraLength + commentLength) throw failures.Malformed("the archive's directory is damaged");
        string name = Encoding.UTF8.GetString(directory.Slice(CentralHeaderLength, nameLength));
        ReadZip64(directory.Slice(CentralHeaderLength + nameLength, extraLength), ref length, ref compressed, ref header);
        directory = directory[(CentralHeaderLength + nameLength + extraLength + commentLength)..];

        bool stored = method == 0 && (flags & 1) == 0;
        if (stored && compressed != length || header > (ulong)dataEnd || (ulong)dataEnd - header < LocalHeaderLength)
            throw failures.Malformed($"its entry {CheckpointFailures.Quote(name)} lies outside the file");
        // The local header's name and padding may differ from the directory's; only there is known where the bytes begin.
        var local = file.Bytes((long)header, LocalHeaderLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalHeader) throw failures.Malformed($"its entry {CheckpointFailures.Quote(name)} is not where it should be");
        long start = (long)header + LocalHeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (start > dataEnd || compressed > (ulong)(dataEnd - start)) throw failures.Malformed($"its entry {CheckpointFailures.Quote(name)} lies outside the file");
        return new(name, start, (long)compressed, stored);
    }

    // What does not fit into 32 bits is all ones there and follows here, in this order.
    private static void ReadZip64(ReadOnlySpan<byte> extra, ref ulong length, ref ulong compressed, ref ulong header)
    {
        while (extra.Length >= 4)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4) return;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Extra)
            {
                var fields = extra.Slice(4, size);
                Take(ref fields, ref length);
                Take(ref fields, ref compressed);
                Take(ref fields, ref header);
                return;
            }
            extra = extra[(4 + size)..];
        }

        static void Take(ref ReadOnlySpan<byte> fields, ref ulong value)
        {
            if (value != uint.MaxValue || fields.Length < 8) return;
            value = BinaryPrimitives.ReadUInt64LittleEndian(fields);
            fields = fields[8..];
        }
    }
}
