using MetricDepth.Imaging;
using MetricDepth.Imaging.OpenExr;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Imaging;

public sealed class OpenExrTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder["picture.exr"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(65, 16)]
    [InlineData(33, 40)]
    public void What_is_written_is_read_back_to_the_bit(int width, int height)
    {
        var random = new Random(width * 1000 + height);
        var writer = new ExrWriter(width, height, [ExrAttribute.Of("who", "we"), ExrAttribute.Of("framesPerSecond", 30000, 1001)]);
        var read = new Plane<float>(width, height);
        // smooth (packed), noise (stored as it is), and smooth again with the same writer
        foreach (Func<int, float> value in (Func<int, float>[])[i => i / width * 0.25f, _ => BitConverter.Int32BitsToSingle(random.Next()), _ => 3])
        {
            float[] values = [.. Enumerable.Range(0, width * height).Select(value)];
            var file = writer.Encode(values);
            Assert.InRange(file.Length, 1, writer.LargestFile);
            System.IO.File.WriteAllBytes(File, file.ToArray());
            Assert.Equal(ExrPixelType.Float, new ExrReader().Read(File, read));
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), read.Data.Select(BitConverter.SingleToInt32Bits));
        }
        var header = ExrReader.ReadHeader(File);
        Assert.Equal(("we", (30000, 1001u)), (header.Texts["who"], header.Ratio("framesPerSecond")!.Value));
    }

    [Theory]
    [InlineData("none-half")]
    [InlineData("none-float")]
    [InlineData("rle-half")]
    [InlineData("rle-float")]
    [InlineData("zips-half")]
    [InlineData("zips-float")]
    [InlineData("zip-half")]
    [InlineData("zip-float")]
    public void What_opencv_writes_is_read_to_the_bit(string name)
    {
        var read = new Plane<float>(10, 19);
        read.Span.Fill(7);
        var type = new ExrReader().Read(DepthFile.Path(name + ".exr"), read);
        Assert.Equal(name.EndsWith("half", StringComparison.Ordinal) ? ExrPixelType.Half : ExrPixelType.Float, type);
        for (int y = 0; y < 19; y++)
            for (int x = 0; x < 10; x++) Assert.Equal(DepthFile.ExrDepth(x, y), read[x, y]);
    }

    [Theory]
    [InlineData("piz-float.exr", "ExrUnsupported", "PIZ")]
    [InlineData("colors.exr", "ExrNotDepth", "red and green differ")]
    public void What_is_not_read_here_is_named_with_a_way_out(string name, string errorId, string why)
    {
        var e = Assert.Throws<MetricDepthException>(() => new ExrReader().Read(DepthFile.Path(name), new(10, 19)));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x200, "tiles")]
    [InlineData(0x800, "deep")]
    [InlineData(0x1000, "parts")]
    public void Other_layouts_are_named(int flag, string what)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(DepthFile.Path("zip-float.exr"));
        bytes[5] |= (byte)(flag >> 8);
        System.IO.File.WriteAllBytes(File, bytes);
        var e = Assert.Throws<MetricDepthException>(() => ExrReader.ReadHeader(File));
        Assert.Equal("ExrUnsupported", e.ErrorId);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
        Assert.Contains("oiiotool", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_picture_is_put_where_it_belongs()
    {
        // the data window becomes columns -2..7 and rows 4..22, of a picture that has columns 0..9 and rows 0..18
        byte[] bytes = System.IO.File.ReadAllBytes(DepthFile.Path("zips-float.exr"));
        Move(bytes, "dataWindow", [-2, 4, 7, 22]);
        MoveLines(bytes, 4);
        System.IO.File.WriteAllBytes(File, bytes);
        var read = new Plane<float>(10, 19);
        read.Span.Fill(7);
        new ExrReader().Read(File, read);
        for (int y = 0; y < 19; y++)
            for (int x = 0; x < 10; x++) Assert.Equal(x <= 7 && y >= 4 ? DepthFile.ExrDepth(x + 2, y - 4) : 0, read[x, y]);
    }

    [Fact]
    public void Reordering_is_undone_at_every_length()
    {
        var random = new Random(3);
        for (int length = 0; length < 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            byte[] reordered = new byte[length], differences = new byte[length], back = new byte[length];
            ExrShuffle.Apply(bytes, reordered, differences);
            // by the definition: even places, odd places, differences plus 128
            byte[] expected = [.. bytes.Where((_, i) => i % 2 == 0), .. bytes.Where((_, i) => i % 2 == 1)];
            for (int i = length - 1; i > 0; i--) expected[i] = (byte)(expected[i] - expected[i - 1] + 128);
            Assert.Equal(expected, differences);
            ExrShuffle.Undo(differences, back);
            Assert.Equal(bytes, back);
        }
    }

    /// <summary>Puts other numbers into a box2i of a header.</summary>
    internal static void Move(byte[] file, string attribute, int[] box)
    {
        int at = file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(attribute + "\0box2i\0")) + attribute.Length + 1 + 6 + 4;
        for (int i = 0; i < 4; i++) BitConverter.GetBytes(box[i]).CopyTo(file, at + 4 * i);
    }

    private static void MoveLines(byte[] file, int by)
    {
        // the table of blocks is the first number in the file that points right behind itself
        const int Blocks = 19;
        for (int table = 0; ; table++)
        {
            if (BitConverter.ToInt64(file, table) != table + 8 * Blocks) continue;
            for (int block = 0; block < Blocks; block++)
            {
                int offset = (int)BitConverter.ToInt64(file, table + 8 * block);
                BitConverter.GetBytes(BitConverter.ToInt32(file, offset) + by).CopyTo(file, offset);
            }
            return;
        }
    }
}
