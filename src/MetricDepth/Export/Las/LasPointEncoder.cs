using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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

    // behind a point's third coordinate: no intensity, then the first of one return
    private const ulong FirstOfOneReturn = 0x11UL << 48;

    private readonly int[] _least = new int[3], _most = new int[3];
    private readonly int[][] _coordinates = [[], [], []];
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
        int size = RecordBytes(fields), count = points.Count;
        if (_coordinates[0].Length < count)
            for (int axis = 0; axis < 3; axis++) _coordinates[axis] = new int[count];
        int[] right = _coordinates[0], forward = _coordinates[1], up = _coordinates[2];
        Quantize(0, points.X.AsSpan(0, count), 1, right);
        Quantize(1, points.Z.AsSpan(0, count), 1, forward);
        Quantize(2, points.Y.AsSpan(0, count), -1, up);
        ulong time = BitConverter.DoubleToUInt64Bits(_seconds);
        // the last field is written wider than it is, and overwritten by the next record
        ref byte record = ref MemoryMarshal.GetReference(Bytes.Reserve(count * size + sizeof(ulong)));
        for (int i = 0; i < count; i++, record = ref Unsafe.Add(ref record, size))
        {
            Put(ref record, 0, (uint)right[i] | (ulong)(uint)forward[i] << 32);
            Put(ref record, 8, (uint)up[i] | FirstOfOneReturn);
            Put(ref record, 16, 0);
            Put(ref record, 22, time);
            if (IsColored) Put(ref record, PointBytes, Color(points.Color[i]));
        }
        Bytes.Advance(count * size);
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

    // Red, green, blue in 16 bits each.
    private static ulong Color(uint bgr) => ((ulong)(bgr >> 16 & 0xFF) | (ulong)(bgr & 0xFF00) << 8 | (ulong)(bgr & 0xFF) << 32) * Deeper;

    private static void Put(ref byte record, int offset, ulong value) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref record, offset), BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Metres to steps, and the bounds widened by them.</summary>
    private void Quantize(int axis, ReadOnlySpan<float> metres, int sign, Span<int> steps)
    {
        var scale = Vector256.Create(sign * Scale);
        var isNear = Vector256<long>.AllBitsSet;
        Vector128<int> least = Vector128.Create(_least[axis]), most = Vector128.Create(_most[axis]);
        int i = 0;
        for (; i + Vector128<float>.Count <= metres.Length; i += Vector128<float>.Count)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Create(metres[i..]));
            var rounded = Vector256.Round(Vector256.Create(lower, upper) / scale);
            isNear &= Vector256.LessThan(Vector256.Abs(rounded), Vector256.Create((double)int.MaxValue)).AsInt64();
            var whole = Whole(rounded);
            (least, most) = (Vector128.Min(least, whole), Vector128.Max(most, whole));
            whole.CopyTo(steps[i..]);
        }
        for (int lane = 0; lane < Vector128<int>.Count; lane++)
            (_least[axis], _most[axis]) = (Math.Min(_least[axis], least[lane]), Math.Max(_most[axis], most[lane]));
        for (int n = isNear == Vector256<long>.AllBitsSet ? i : 0; n < metres.Length; n++)
        {
            double rounded = Math.Round(metres[n] / (sign * Scale));
            if (!(Math.Abs(rounded) < int.MaxValue)) throw TooFar(metres[n]);
            steps[n] = (int)rounded;
            (_least[axis], _most[axis]) = (Math.Min(_least[axis], steps[n]), Math.Max(_most[axis], steps[n]));
        }
    }

    private static Vector128<int> Whole(Vector256<double> v) => Avx.IsSupported
        ? Avx.ConvertToVector128Int32WithTruncation(v) : Vector128.Create((int)v[0], (int)v[1], (int)v[2], (int)v[3]);

    private static MetricDepthException TooFar(float metres) => new("PointTooFar", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
        $"A point lies {Math.Abs(metres) / 1000:0} km away, and LAS files in steps of 0.1 mm reach {int.MaxValue * Scale / 1000:0} km. Check the camera path, or use -Format Ply."));
}
