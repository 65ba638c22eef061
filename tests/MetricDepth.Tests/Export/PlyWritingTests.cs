using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MetricDepth.Export;
using MetricDepth.Export.Ply;
using MetricDepth.Export.PointClouds;

namespace MetricDepth.Tests.Export;

public class PlyWritingTests
{
    [Fact]
    public void The_header_lists_vertices_and_faces_as_other_programs_read_them()
    {
        var header = new PlyHeader(PlyEncoding.Binary, PlyElement.Vertices(4, VertexFields.Normal | VertexFields.Color), PlyElement.Faces(3_000_000_000))
        {
            Comments = [PlyHeader.AxesComment, "frame 7"],
        };
        Assert.Equal(
            """
            ply
            format binary_little_endian 1.0
            comment MetricDepth: metres, x right, y down, z forward
            comment frame 7
            element vertex 4
            property float x
            property float y
            property float z
            property float nx
            property float ny
            property float nz
            property uchar red
            property uchar green
            property uchar blue
            element face 3000000000
            property list uchar int vertex_indices
            end_header

            """, Encoding.ASCII.GetString(header.ToBytes()), ignoreLineEndingDifferences: true);
        Assert.Contains("\nformat ascii 1.0\n", Encoding.ASCII.GetString((header with { Encoding = PlyEncoding.Ascii }).ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_words_are_short_and_read_back_as_the_same_numbers_in_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("de-DE");
        try
        {
            float[] numbers = [0, 1, -1.5f, 0.1f, 1 / 3f, 1e-30f, -1.2345679e-38f, 123456.79f, float.MaxValue];
            var points = new PointBuffer(numbers.Length / 3, VertexFields.Color) { Count = numbers.Length / 3 };
            for (int i = 0; i < points.Count; i++) (points.X[i], points.Y[i], points.Z[i], points.Color[i]) = (numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2], 0x0102FF);
            var encoder = new PlyPointEncoder(PlyEncoding.Ascii, VertexFields.Color, [], 0);
            encoder.Begin(0);
            encoder.Append(points);
            string text = Text(encoder.Bytes);
            Assert.StartsWith("0 1 -1.5 1 2 255\n0.1 0.33333334 1E-30 1 2 255\n-1.2345679E-38 123456.79 ", text, StringComparison.Ordinal);
            Assert.EndsWith(" 1 2 255\n", text, StringComparison.Ordinal);
            var words = text.TrimEnd('\n').Split('\n').SelectMany(line => line.Split(' ').Take(3)).ToList();
            Assert.Equal(numbers, words.Select(w => float.Parse(w, CultureInfo.InvariantCulture)));
            Assert.All(words, word => Assert.InRange(word.Length + 1, 2, PlyProperty.Letters(PlyType.Float)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Numbers_in_words_read_back_the_same_and_none_is_longer_than_it_need_be()
    {
        var random = new Random(1);
        var text = new byte[ShortestDecimal.Room];
        var dotnet = new byte[32];
        int longer = 0, wrong = 0;
        const int Count = 400_000;
        for (int i = 0; i < Count; i++)
        {
            // positions of all sizes, round numbers, any number there is, and powers of two and their neighbours
            float value = (i % 4) switch
            {
                0 => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 8))),
                1 => (float)(random.Next(-200_000, 200_000) / Math.Pow(10, random.Next(0, 6))),
                2 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                _ => BitConverter.Int32BitsToSingle((random.Next(115, 150) << 23) + random.Next(-2, 3)),
            };
            if (!float.IsFinite(value)) continue;
            int letters = ShortestDecimal.Write(value, text);
            value.TryFormat(dotnet, out int least, default, CultureInfo.InvariantCulture);
            if (float.Parse(text.AsSpan(0, letters), NumberStyles.Float, CultureInfo.InvariantCulture) != value) wrong++;
            if (letters > least) longer++;
        }
        Assert.Equal((0, 0), (wrong, longer));
        Assert.All(Enumerable.Range(0, 256), i => Assert.Equal(i.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text, 0, ShortestDecimal.Write((byte)i, ref text[0]))));
    }

    [Fact]
    public void Binary_numbers_are_little_endian_and_survive_growing_and_starting_anew()
    {
        const int Rows = 1000, Width = 101, Record = 27; // several blocks, with records across their ends
        var points = new PointBuffer(Width, VertexFields.Normal | VertexFields.Color) { Count = Width };
        var encoder = new PlyPointEncoder(PlyEncoding.Binary, points.Fields, [], 0);
        encoder.Begin(0);
        encoder.Append(points);
        encoder.Begin(0);
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Width; i++)
            {
                float n = row * Width + i;
                (points.X[i], points.Y[i], points.Z[i], points.Color[i]) = (n, -n, n + 0.5f, (uint)(row * Width + i));
                (points.NormalX[i], points.NormalY[i], points.NormalZ[i]) = (1 / (n + 1), 2 / (n + 1), -3 / (n + 1));
            }
            encoder.Append(points);
        }
        using var file = new MemoryStream();
        encoder.Bytes.CopyTo(file, TestContext.Current.CancellationToken);
        Assert.Equal(((long)Rows * Width * Record, (long)Rows * Width * Record), (encoder.Bytes.Length, file.Length));
        var all = file.GetBuffer().AsSpan();
        for (int n = 0; n < Rows * Width; n++)
        {
            var record = all.Slice(n * Record, Record);
            float[] expected = [n, -n, n + 0.5f, 1 / (n + 1f), 2 / (n + 1f), -3 / (n + 1f)];
            for (int k = 0; k < expected.Length; k++)
                if (BinaryPrimitives.ReadSingleLittleEndian(record[(4 * k)..]) != expected[k]) Assert.Fail($"Number {k} of record {n} is not what was written.");
            if (record[24] != (byte)(n >> 16) || record[25] != (byte)(n >> 8) || record[26] != (byte)n) Assert.Fail($"The colour of record {n} is not what was written.");
        }
    }

    private static string Text(ByteBlocks bytes)
    {
        using var stream = new MemoryStream();
        bytes.CopyTo(stream, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(stream.ToArray());
    }
}
