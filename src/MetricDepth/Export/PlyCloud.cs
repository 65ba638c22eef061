using System.Buffers.Binary;
using MetricDepth.Export.Ply;

namespace MetricDepth.Export;

/// <summary>
/// A point cloud as binary little-endian PLY 1.0 (Turk, 1994): float x, y, z in metres, and uchar red, green, blue where there
/// is colour. Points are added to memory and written at once, for the header counts them.
/// </summary>
/// <param name="capacity">The most points it can hold.</param>
/// <param name="colored">Whether points have a colour.</param>
internal sealed class PlyCloud(int capacity, bool colored)
{
    private const int PositionBytes = 3 * sizeof(float);
    private readonly int _stride = PositionBytes + (colored ? 3 : 0);
    private readonly byte[] _points = new byte[checked(capacity * (PositionBytes + (colored ? 3 : 0)))];

    /// <summary>Points so far.</summary>
    public int Count { get; private set; }

    /// <summary>A line of the header about the camera, ASCII; null for none.</summary>
    public string? Comment { get; set; }

    /// <summary>Starts anew.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a point.</summary>
    /// <param name="x">Right, m.</param>
    /// <param name="y">Down, m.</param>
    /// <param name="z">Forward, m.</param>
    /// <param name="color">A BGR0 pixel; not used in a cloud without colour.</param>
    public void Add(float x, float y, float z, uint color)
    {
        var point = _points.AsSpan(Count++ * _stride, _stride);
        BinaryPrimitives.WriteSingleLittleEndian(point, x);
        BinaryPrimitives.WriteSingleLittleEndian(point[4..], y);
        BinaryPrimitives.WriteSingleLittleEndian(point[8..], z);
        if (!colored) return;
        point[14] = (byte)color;
        point[13] = (byte)(color >> 8);
        point[12] = (byte)(color >> 16);
    }

    /// <summary>Writes the file.</summary>
    public void Write(Stream stream)
    {
        var vertices = PlyElement.Vertices(Count, colored ? VertexFields.Color : VertexFields.None);
        stream.Write(new PlyHeader(PlyEncoding.Binary, vertices) { Comments = Comment is { } line ? [PlyHeader.AxesComment, line] : [PlyHeader.AxesComment] }.ToBytes());
        stream.Write(_points, 0, Count * _stride);
    }
}
