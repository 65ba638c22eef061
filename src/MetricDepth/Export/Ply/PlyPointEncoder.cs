using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MetricDepth.Export.PointClouds;

namespace MetricDepth.Export.Ply;

/// <summary>Point clouds as PLY.</summary>
/// <param name="encoding">How numbers are written.</param>
/// <param name="fields">What points carry beside their position.</param>
/// <param name="comments">Lines for people, ASCII.</param>
/// <param name="expectedPoints">Room for so many points from the start.</param>
internal sealed class PlyPointEncoder(PlyEncoding encoding, VertexFields fields, IReadOnlyList<string> comments, long expectedPoints)
    : PointEncoder(expectedPoints * PlyElement.Vertices(0, fields).RecordBytes(PlyEncoding.Binary))
{
    // So many find their room in what is left of a block, mostly.
    private const int LinesAtOnce = 256;

    private readonly int _record = PlyElement.Vertices(0, fields).RecordBytes(encoding);

    /// <summary>The line of the header about axes and unit.</summary>
    public string AxesComment { get; init; } = PlyHeader.AxesComment;

    public override long MostBytes(long points) => Header(points).Length + points * _record;

    public override byte[] Header(long count) =>
        new PlyHeader(encoding, PlyElement.Vertices(count, fields)) { Comments = [AxesComment, .. comments] }.ToBytes();

    public override void Append(PointBuffer points)
    {
        if (encoding == PlyEncoding.Ascii) AppendWords(points);
        else AppendBinary(points);
    }

    private void AppendBinary(PointBuffer points)
    {
        int count = points.Count;
        // a colour is written as four bytes, of which the last is overwritten by the next point
        ref byte at = ref MemoryMarshal.GetReference(Bytes.Reserve(count * _record + 1));
        ReadOnlySpan<float> x = points.X.AsSpan(0, count), y = points.Y, z = points.Z;
        ReadOnlySpan<float> nx = points.NormalX, ny = points.NormalY, nz = points.NormalZ;
        ReadOnlySpan<uint> colors = points.Color;
        for (int i = 0; i < x.Length; i++)
        {
            Put(ref at, 0, x[i]);
            Put(ref at, 4, y[i]);
            Put(ref at, 8, z[i]);
            at = ref Unsafe.Add(ref at, 12);
            if (nx.Length > 0)
            {
                Put(ref at, 0, nx[i]);
                Put(ref at, 4, ny[i]);
                Put(ref at, 8, nz[i]);
                at = ref Unsafe.Add(ref at, 12);
            }
            if (colors.Length > 0)
            {
                // BGR0 to red, green, blue
                Put(ref at, 0, BinaryPrimitives.ReverseEndianness(colors[i]) >> 8);
                at = ref Unsafe.Add(ref at, 3);
            }
        }
        Bytes.Advance(count * _record);
    }

    private void AppendWords(PointBuffer points)
    {
        for (int first = 0; first < points.Count; first += LinesAtOnce)
        {
            int end = Math.Min(first + LinesAtOnce, points.Count);
            ref byte start = ref MemoryMarshal.GetReference(Bytes.Reserve((end - first) * _record + ShortestDecimal.Room)), at = ref start;
            for (int i = first; i < end; i++)
            {
                at = ref Word(ref at, points.X[i]);
                at = ref Word(ref at, points.Y[i]);
                at = ref Word(ref at, points.Z[i]);
                if (points.NormalX.Length > 0)
                {
                    at = ref Word(ref at, points.NormalX[i]);
                    at = ref Word(ref at, points.NormalY[i]);
                    at = ref Word(ref at, points.NormalZ[i]);
                }
                if (points.Color.Length > 0)
                {
                    uint color = points.Color[i];
                    at = ref Word(ref at, (byte)(color >> 16));
                    at = ref Word(ref at, (byte)(color >> 8));
                    at = ref Word(ref at, (byte)color);
                }
                // instead of the last word's space
                Unsafe.Subtract(ref at, 1) = (byte)'\n';
            }
            Bytes.Advance((int)Unsafe.ByteOffset(ref start, ref at));
        }
    }

    private static ref byte Word(ref byte at, float value)
    {
        at = ref Unsafe.Add(ref at, ShortestDecimal.Write(value, ref at));
        at = (byte)' ';
        return ref Unsafe.Add(ref at, 1);
    }

    private static ref byte Word(ref byte at, byte value) => ref Unsafe.Add(ref at, ShortestDecimal.Write(value, ref at) + 1);

    private static void Put(ref byte record, int offset, float value) => Put(ref record, offset, BitConverter.SingleToUInt32Bits(value));

    private static void Put(ref byte record, int offset, uint value) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref record, offset), BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));
}
