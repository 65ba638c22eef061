using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MetricDepth.Export.Ply;
using MetricDepth.Export.PointClouds;

namespace MetricDepth.Export.Las;

/// <summary>
/// Point clouds as LAS 1.4 (ASPRS, revision 15), point format 7, or 6 without colour: coordinates as 32-bit numbers of 0.1 mm, the time
/// of the frame in the clip as GPS time, colours of 16 bits. Axes as they are in LAS: x right, y forward, z up.
/// </summary>
/// <param name="fields">What points carry beside their position; normals cannot be among them.</param>
/// <param name="expectedPoints">Room for so many points from the start.</param>
internal sealed class LasPointEncoder(VertexFields fields, long expectedPoints) : PointEncoder(expectedPoints * RecordBytes(fields))
{
    /// <summary>A coordinate's unit, m: below the steps of stored depth up to 6 m away, and 214 km reach.</summary>
    public const double Scale = 1e-4;

    private const int HeaderBytes = 375;
    private const int PointBytes = 30, ColorBytes = 6;
    private const byte FormatWithTime = 6, FormatWithColor = 7;

    // 8 bits to 16 so that white stays white
    private const ushort Deeper = 257;

    private readonly int[] _least = new int[3], _most = new int[3];
    private double _seconds;

    private bool IsColored => fields.HasFlag(VertexFields.Color);

    public override long MostBytes(long points) => HeaderBytes + points * RecordBytes(fields);

    public override void Begin(double seconds)
    {
        base.Begin(seconds);
        _seconds = seconds;
        Array.Fill(_least, int.MaxValue);
        Array.Fill(_most, int.MinValue);
    }

    /// <inheritdoc/>
    /// <exception cref="MetricDepthException">A point is too far away for the format.</exception>
    public override void Append(PointBuffer points)
    {
        int size = RecordBytes(fields);
        var room = Bytes.Reserve(points.Count * size);
        for (int i = 0; i < points.Count; i++)
        {
            var record = room.Slice(i * size, size);
            BinaryPrimitives.WriteInt32LittleEndian(record, Coordinate(0, points.X[i]));
            BinaryPrimitives.WriteInt32LittleEndian(record[4..], Coordinate(1, points.Z[i]));
            BinaryPrimitives.WriteInt32LittleEndian(record[8..], Coordinate(2, -points.Y[i]));
            record[12..PointBytes].Clear();
            record[14] = 0x11; // the first of one return
            BinaryPrimitives.WriteDoubleLittleEndian(record[22..], _seconds);
            if (!IsColored) continue;
            uint color = points.Color[i];
            BinaryPrimitives.WriteUInt16LittleEndian(record[30..], (ushort)((byte)(color >> 16) * Deeper));
            BinaryPrimitives.WriteUInt16LittleEndian(record[32..], (ushort)((byte)(color >> 8) * Deeper));
            BinaryPrimitives.WriteUInt16LittleEndian(record[34..], (ushort)((byte)color * Deeper));
        }
        Bytes.Advance(points.Count * size);
    }

    public override byte[] Header(long count)
    {
        byte[] header = new byte[HeaderBytes];
        var now = DateTime.UtcNow;
        Text(header.AsSpan(0, 4), "LASF");
        Number16(6, 1 << 4); // coordinate systems, if any, are in WKT: point formats from 6 on require it
        header[24] = 1;
        header[25] = 4;
        Text(header.AsSpan(26, 32), "OTHER");
        Text(header.AsSpan(58, 32), "MetricDepth");
        Number16(90, (ushort)now.DayOfYear);
        Number16(92, (ushort)now.Year);
        Number16(94, HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(96), HeaderBytes); // points follow at once
        header[104] = IsColored ? FormatWithColor : FormatWithTime;
        Number16(105, (ushort)RecordBytes(fields));
        for (int axis = 0; axis < 3; axis++)
        {
            Real(131 + axis * 8, Scale);
            Real(179 + axis * 16, count == 0 ? 0 : _most[axis] * Scale);
            Real(187 + axis * 16, count == 0 ? 0 : _least[axis] * Scale);
        }
        Number64(247, (ulong)count);
        Number64(255, (ulong)count); // all of them first returns
        return header;

        void Number16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(at), value);
        void Number64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at), value);
        void Real(int at, double value) => BinaryPrimitives.WriteDoubleLittleEndian(header.AsSpan(at), value);
    }

    private static int RecordBytes(VertexFields fields) => PointBytes + (fields.HasFlag(VertexFields.Color) ? ColorBytes : 0);

    private static void Text(Span<byte> field, string text) => Encoding.ASCII.GetBytes(text, field);

    private int Coordinate(int axis, float metres)
    {
        double steps = Math.Round(metres / Scale);
        if (!(Math.Abs(steps) < int.MaxValue))
            throw new MetricDepthException("PointTooFar", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"A point lies {Math.Abs(metres) / 1000:0} km away, and LAS files in steps of 0.1 mm reach {int.MaxValue * Scale / 1000:0} km. Check the camera path, or use -Format Ply."));
        int number = (int)steps;
        _least[axis] = Math.Min(_least[axis], number);
        _most[axis] = Math.Max(_most[axis], number);
        return number;
    }
}
