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
