using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MetricDepth.Export;
using MetricDepth.Export.Ply;

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
            var values = new PlyValues(PlyEncoding.Ascii, new());
            foreach (float number in numbers) values.Write(number);
            values.WriteColor(0x0102FF);
            values.Write(-2147483648);
            values.EndRecord();
            string line = Text(values.Bytes);
            Assert.StartsWith("0 1 -1.5 0.1 0.33333334 1E-30 ", line, StringComparison.Ordinal);
            Assert.EndsWith(" 1 2 255 -2147483648\n", line, StringComparison.Ordinal);
            Assert.Equal(numbers, line.Split(' ').Take(numbers.Length).Select(w => float.Parse(w, CultureInfo.InvariantCulture)));
            Assert.All(line.Split(' ').Take(numbers.Length), word => Assert.InRange(word.Length + 1, 2, PlyProperty.Letters(PlyType.Float)));
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
        var text = new byte[ShortestDecimal.MostLetters];
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
        Assert.All(Enumerable.Range(0, 256), i => Assert.Equal(i.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text, 0, ShortestDecimal.Write((byte)i, text))));
    }

    [Fact]
    public void Binary_numbers_are_little_endian_and_survive_growing_and_starting_anew()
    {
        var bytes = new ByteBlocks();
        var values = new PlyValues(PlyEncoding.Binary, bytes);
        values.Write(-1f);
        bytes.Clear();
        const int Records = 400_000; // several blocks, with records across their ends
        for (int i = 0; i < Records; i++)
        {
            values.Write(i + 0.5f);
            values.Write((byte)3);
            values.Write(-i);
            values.EndRecord();
        }
        using var file = new MemoryStream();
        bytes.CopyTo(file, TestContext.Current.CancellationToken);
        Assert.Equal((Records * 9L, Records * 9L), (bytes.Length, file.Length));
        var all = file.GetBuffer().AsSpan();
        for (int i = 0; i < Records; i++)
        {
            var record = all.Slice(i * 9, 9);
            if (BinaryPrimitives.ReadSingleLittleEndian(record) != i + 0.5f || record[4] != 3 || BinaryPrimitives.ReadInt32LittleEndian(record[5..]) != -i)
                Assert.Fail($"Record {i} is not what was written.");
        }
    }

    private static string Text(ByteBlocks bytes)
    {
        using var stream = new MemoryStream();
        bytes.CopyTo(stream, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(stream.ToArray());
    }
}
