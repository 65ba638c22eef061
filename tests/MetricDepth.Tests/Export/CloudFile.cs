using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MetricDepth.Geometry;

namespace MetricDepth.Tests.Export;

/// <summary>Point clouds read by what their formats say, knowing nothing of the writers.</summary>
internal static class CloudFile
{
    /// <summary>A point; normal and colour are 0 where the file has none.</summary>
    public readonly record struct Point(double X, double Y, double Z, uint Color, Vector3 Normal);

    /// <summary>What the header of a LAS file says.</summary>
    public sealed record LasFacts(int Format, int RecordBytes, Vector3 Scale, Vector3 Most, Vector3 Least, double Seconds);

    /// <summary>By the header alone: binary or in words, float or double positions, with or without colours and normals.</summary>
    public static Point[] ReadPly(string path, out string header)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = bytes.AsSpan().IndexOf("end_header\n"u8) + "end_header\n".Length;
        header = Encoding.ASCII.GetString(bytes, 0, start);
        var lines = header.Split('\n').Select(l => l.Split(' ')).ToArray();
        int count = int.Parse(lines.Single(l => l[0] == "element")[2], CultureInfo.InvariantCulture);
        var properties = lines.Where(l => l[0] == "property").ToArray();
        var points = new Point[count];
        if (lines.Single(l => l[0] == "format")[1] == "ascii")
        {
            var records = Encoding.ASCII.GetString(bytes, start, bytes.Length - start).Split('\n');
            Assert.Equal((count + 1, ""), (records.Length, records[^1]));
            for (int i = 0; i < count; i++)
                points[i] = ToPoint(properties, [.. records[i].Split(' ').Zip(properties, (word, p) => p[1] == "float"
                    ? float.Parse(word, CultureInfo.InvariantCulture) : double.Parse(word, CultureInfo.InvariantCulture))]);
            return points;
        }
        Assert.Equal(bytes.Length - start, count * properties.Sum(p => Size(p[1])));
        for (int i = 0, at = start; i < count; i++)
        {
            var values = new double[properties.Length];
            for (int p = 0; p < values.Length; p++)
            {
                var field = bytes.AsSpan(at);
                values[p] = properties[p][1] switch
                {
                    "double" => BinaryPrimitives.ReadDoubleLittleEndian(field),
                    "float" => BinaryPrimitives.ReadSingleLittleEndian(field),
                    _ => field[0],
                };
                at += Size(properties[p][1]);
            }
            points[i] = ToPoint(properties, values);
        }
        return points;
    }

    /// <summary>LAS 1.4 by the tables of its specification; axes turned back to x right, y down, z forward.</summary>
    public static Point[] ReadLas(string path, out LasFacts facts)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal("LASF"u8, bytes.AsSpan(0, 4));
        Assert.Equal((1, 4, 375), (bytes[24], bytes[25], UInt16(94)));
        int format = bytes[104], size = UInt16(105), start = (int)UInt32(96);
        Assert.Equal(format == 7 ? 36 : 30, size);
        Assert.Equal(1 << 4, UInt16(6)); // formats from 6 on: coordinate systems in WKT
        Assert.Equal((375, 0u, 0ul, 0ul), (start, UInt32(100), UInt64(227), UInt64(235)));
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(0u, UInt32(107 + 4 * i))); // the old counts are for old formats
        int count = (int)UInt64(247);
        Assert.Equal((ulong)count, UInt64(255));
        Assert.All(Enumerable.Range(1, 14), i => Assert.Equal(0ul, UInt64(255 + 8 * i)));
        Assert.Equal(bytes.Length, start + count * size);
        Vector3 scale = new(Real(131), Real(139), Real(147)), offset = new(Real(155), Real(163), Real(171));
        facts = new(format, size, scale, new(Real(179), Real(195), Real(211)), new(Real(187), Real(203), Real(219)), count > 0 ? Real(start + 22) : 0);
        var points = new Point[count];
        for (int i = 0; i < count; i++)
        {
            int at = start + i * size;
            Assert.Equal(0x11, bytes[at + 14]); // the first of one return
            double x = Int32(at) * scale.X + offset.X, y = Int32(at + 4) * scale.Y + offset.Y, z = Int32(at + 8) * scale.Z + offset.Z;
            uint color = format != 7 ? 0 : (uint)(UInt16(at + 30) >> 8) << 16 | (uint)(UInt16(at + 32) >> 8) << 8 | (uint)UInt16(at + 34) >> 8;
            points[i] = new(x, -z, y, color, default);
        }
        return points;

        ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
        int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
        uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
        ulong UInt64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
        double Real(int at) => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at));
    }

    /// <summary>Which share of some points has one of the others within a distance.</summary>
    public static double ShareWithin(Point[] some, Point[] others, double distance)
    {
        var cells = new Dictionary<(int, int, int), List<Point>>();
        foreach (var p in others)
        {
            if (!cells.TryGetValue(Cell(p), out var cell)) cells[Cell(p)] = cell = [];
            cell.Add(p);
        }
        return some.Count(p => Around(p).Any(q => Squared(p, q) <= distance * distance)) / (double)some.Length;

        (int, int, int) Cell(Point p) => ((int)Math.Floor(p.X / distance), (int)Math.Floor(p.Y / distance), (int)Math.Floor(p.Z / distance));

        IEnumerable<Point> Around(Point p)
        {
            var (i, j, k) = Cell(p);
            for (int n = 0; n < 27; n++)
                if (cells.TryGetValue((i + n % 3 - 1, j + n / 3 % 3 - 1, k + n / 9 - 1), out var cell))
                    foreach (var q in cell) yield return q;
        }

        static double Squared(Point p, Point q) => (p.X - q.X) * (p.X - q.X) + (p.Y - q.Y) * (p.Y - q.Y) + (p.Z - q.Z) * (p.Z - q.Z);
    }

    private static Point ToPoint(string[][] properties, double[] values)
    {
        var named = properties.Zip(values).ToDictionary(p => p.First[2], p => p.Second);
        double Value(string name) => named.GetValueOrDefault(name);
        return new(Value("x"), Value("y"), Value("z"), (uint)Value("red") << 16 | (uint)Value("green") << 8 | (uint)Value("blue"), new(Value("nx"), Value("ny"), Value("nz")));
    }

    private static int Size(string type) => type switch { "double" => 8, "float" => 4, "uchar" => 1, _ => throw new FormatException(type) };
}
