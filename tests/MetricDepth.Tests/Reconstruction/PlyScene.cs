using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MetricDepth.Tests.Reconstruction;

/// <summary>A binary PLY mesh taken apart, by its own header.</summary>
internal sealed class PlyScene
{
    public PlyScene(string path)
    {
        byte[] all = File.ReadAllBytes(path);
        int body = all.AsSpan().IndexOf("end_header\n"u8) + "end_header\n".Length;
        string[][] lines = [.. Encoding.ASCII.GetString(all, 0, body).Split('\n').Select(l => l.Split(' '))];
        int vertices = Count(lines, "vertex");
        TriangleCount = Count(lines, "face");
        string[] fields = [.. lines.Where(l => l is ["property", "float" or "uchar", _]).Select(l => l[2])];
        int stride = fields.Sum(f => f is "red" or "green" or "blue" ? 1 : 4), color = Array.IndexOf(fields, "red") * 4;
        Points = new (float, float, float)[vertices];
        Colors = new uint[color < 0 ? 0 : vertices];
        for (int i = 0; i < vertices; i++)
        {
            var v = all.AsSpan(body + i * stride, stride);
            Points[i] = (BinaryPrimitives.ReadSingleLittleEndian(v), BinaryPrimitives.ReadSingleLittleEndian(v[4..]), BinaryPrimitives.ReadSingleLittleEndian(v[8..]));
            if (color >= 0) Colors[i] = (uint)v[color] << 16 | (uint)v[color + 1] << 8 | v[color + 2];
        }
        Assert.Equal(all.Length, body + vertices * stride + TriangleCount * 13);
    }

    public (float X, float Y, float Z)[] Points { get; }

    public uint[] Colors { get; }

    public int TriangleCount { get; }

    private static int Count(string[][] lines, string element) =>
        int.Parse(lines.Single(l => l is ["element", var e, _] && e == element)[2], CultureInfo.InvariantCulture);
}
