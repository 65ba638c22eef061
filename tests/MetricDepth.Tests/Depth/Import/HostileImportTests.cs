using System.Diagnostics;
using System.IO.Compression;
using MetricDepth.Depth;
using MetricDepth.Depth.Import;
using MetricDepth.Imaging;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Imaging;

namespace MetricDepth.Tests.Depth.Import;

/// <summary>Files that lie or are damaged end in named errors, soon, and without memory for what they claim.</summary>
public sealed class HostileImportTests : IDisposable
{
    private const long FewBytes = 24 << 20; // a 4K frame's plane would be 33 MB
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zip-float.exr")]
    [InlineData("rle-half.exr")]
    [InlineData("none-float.exr")]
    [InlineData("depths.npz")]
    [InlineData("stored.npz")]
    [InlineData("float16.npy")]
    [InlineData("big-endian-float64.npy")]
    public void A_file_cut_anywhere_is_named(string name)
    {
        byte[] whole = File.ReadAllBytes(DepthFile.Path(name));
        for (int length = 0; length < whole.Length; length++)
            Assert.NotNull(Outcome(name, whole[..length]));
        Assert.Null(Outcome(name, whole));
    }

    [Theory]
    [InlineData("zip-float.exr", 1)]
    [InlineData("rle-half.exr", 2)]
    [InlineData("none-float.exr", 3)]
    [InlineData("zips-half.exr", 4)]
    [InlineData("depths.npz", 5)]
    [InlineData("stored.npz", 6)]
    [InlineData("float16.npy", 7)]
    public void Random_damage_is_named_or_harmless(string name, int seed)
    {
        byte[] whole = File.ReadAllBytes(DepthFile.Path(name));
        var random = new Random(seed);
        for (int round = 0; round < 600; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int n = random.Next(1, 5); n > 0; n--)
            {
                int at = random.Next(bytes.Length);
                // single bits, extremes, and whole numbers that are large or negative
                switch (random.Next(4))
                {
                    case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: bytes[at] = (byte)(random.Next(2) * 255); break;
                    case 2: BitConverter.GetBytes(random.Next(2) == 0 ? int.MaxValue : int.MinValue).AsSpan(0, Math.Min(4, bytes.Length - at)).CopyTo(bytes.AsSpan(at)); break;
                    default: bytes[at] = (byte)random.Next(256); break;
                }
            }
            Outcome(name, bytes);
        }
    }

    [Fact]
    public void A_grey_video_or_png_cut_short_is_named_or_gives_the_frames_that_are_whole()
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=0.4", "-c:v", "ffv1", "-pix_fmt", "gray16le", _folder["g.mkv"]);
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "1", "-update", "1", "-pix_fmt", "gray16be", "file:" + _folder["g.png"]);
        foreach (string name in (string[])["g.mkv", "g.png"])
        {
            byte[] whole = File.ReadAllBytes(_folder[name]);
            for (int part = 0; part < 8; part++)
            {
                string? errorId = Outcome(name, whole[..(whole.Length * part / 8)]);
                // a video without its last frames is still one
                if (name == "g.png" || part < 4) Assert.NotNull(errorId);
            }
            Assert.Null(Outcome(name, whole));
        }
    }

    [Theory]
    [InlineData("dataWindow", int.MinValue, int.MinValue, int.MaxValue, int.MaxValue)]
    [InlineData("dataWindow", 0, 0, -1, -1)]
    [InlineData("dataWindow", int.MaxValue, 0, int.MinValue, 18)]
    [InlineData("dataWindow", 0, 0, 32767, 32767)]
    [InlineData("displayWindow", 0, 0, 32767, 32767)]
    [InlineData("displayWindow", 5, 5, 4, 4)]
    public void Windows_of_an_exr_that_cannot_be_are_named(string attribute, int minX, int minY, int maxX, int maxY)
    {
        foreach (string name in (string[])["zip-float.exr", "rle-float.exr", "none-half.exr"])
        {
            byte[] bytes = File.ReadAllBytes(DepthFile.Path(name));
            OpenExrTests.Move(bytes, attribute, [minX, minY, maxX, maxY]);
            Assert.Equal("ExrMalformed", Outcome(name, bytes));
        }
    }

    [Fact]
    public void Blocks_of_an_exr_that_lie_elsewhere_are_named()
    {
        byte[] whole = File.ReadAllBytes(DepthFile.Path("zip-float.exr"));
        int table = whole.Length;
        while (BitConverter.ToInt64(whole, --table - 7) != table - 7 + 16) { } // two blocks, and the first begins behind the table
        table -= 7;
        int first = table + 16;
        foreach (var (at, value) in ((int, byte[])[])[
            (table, BitConverter.GetBytes(-1L)), (table, BitConverter.GetBytes(long.MaxValue)), (table, BitConverter.GetBytes((long)whole.Length)),
            (table + 8, BitConverter.GetBytes((long)first)), // the same block twice
            (first, BitConverter.GetBytes(-16)), (first, BitConverter.GetBytes(int.MaxValue)), (first, BitConverter.GetBytes(7)),
            (first + 4, BitConverter.GetBytes(-1)), (first + 4, BitConverter.GetBytes(int.MaxValue)), (first + 4, BitConverter.GetBytes(0))])
        {
            byte[] bytes = (byte[])whole.Clone();
            value.CopyTo(bytes, at);
            Assert.Equal("ExrMalformed", Outcome("zip-float.exr", bytes));
        }
    }

    [Fact]
    public void An_archive_that_unpacks_to_more_than_it_says_is_named()
    {
        // 300 MB of zeros in 300 KB, under a header that claims little
        using (var zip = new ZipArchive(File.Create(_folder["bomb.npz"]), ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("depth.npy").Open();
            entry.Write(NpyTests.Array(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), }", []));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) entry.Write(zeros);
        }
        byte[] bytes = File.ReadAllBytes(_folder["bomb.npz"]);
        Assert.Equal("NpyMalformed", Outcome("bomb.npz", bytes));
        // the directory's length of it made to fit the header: then the checksum does not
        int central = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(0x02014b50));
        BitConverter.GetBytes(128 + 16).CopyTo(bytes, central + 24);
        Assert.Equal("NpyMalformed", Outcome("bomb.npz", bytes));
        // the claims made huge
        BitConverter.GetBytes(0xFFFFFFF0).CopyTo(bytes, central + 24);
        Assert.Equal("NpyMalformed", Outcome("bomb.npz", bytes));
    }

    [Theory]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu)]
    [InlineData(0xFFFFFFFFu, 1u)]
    [InlineData(0u, 10u)]
    [InlineData(32768u, 32768u)]
    [InlineData(32000u, 1000u)]
    public void A_png_that_cannot_be_as_large_as_it_says_is_named(uint width, uint height)
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=white:size=20x10", "-frames:v", "1", "-update", "1", "-pix_fmt", "gray16be", "file:" + _folder["p.png"]);
        byte[] bytes = File.ReadAllBytes(_folder["p.png"]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), height);
        Assert.Equal("SizeOutOfRange", Outcome("p.png", bytes));
    }

    [Fact]
    public void Texts_of_a_png_that_lie_are_passed_over()
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=white:size=20x10", "-frames:v", "1", "-update", "1", "-pix_fmt", "gray16be", "file:" + _folder["p.png"]);
        byte[] bytes = File.ReadAllBytes(_folder["p.png"]);
        foreach (byte[] chunk in (byte[][])[
            [0x7F, 0xFF, 0xFF, 0xFF, .. "tEXt"u8, .. "METRICDEPTH_DEPTH_UNIT\0"u8, .. "5"u8],
            [0, 0, 0, 26, .. "tEXt"u8, .. "METRICDEPTH_DEPTH_UNIT\0NaN"u8, 0, 0, 0, 0],
            [0, 0, 0, 25, .. "tEXt"u8, .. "METRICDEPTH_DEPTH_UNIT\0-5"u8, 0, 0, 0, 0],
            [0, 0, 0, 3, .. "iTXt"u8, .. "abc"u8, 0, 0, 0, 0],
            [0, 0, 0, 0, .. "tEXt"u8, 0, 0, 0, 0]])
        {
            File.WriteAllBytes(_folder["texts.png"], [.. bytes[..33], .. chunk, .. bytes[33..]]);
            Assert.DoesNotContain(PngTexts.Read(_folder["texts.png"]), t => t.Key == "METRICDEPTH_DEPTH_UNIT" && DepthVideoTags.ReadEncoding(new Dictionary<string, string> { [t.Key] = t.Value }) is not null);
        }
        File.WriteAllBytes(_folder["texts.png"], [.. bytes[..33], 0, 0, 0, 27, .. "tEXt"u8, .. "METRICDEPTH_DEPTH_UNIT\00.25"u8, 0, 0, 0, 0, .. bytes[33..]]);
        Assert.Equal(0.25, DepthVideoTags.ReadEncoding(PngTexts.Read(_folder["texts.png"]))!.Value.Unit);
    }

    /// <summary>Reads all frames of a file.</summary>
    /// <returns>The id of the error that it ended in; null if it did not.</returns>
    private string? Outcome(string name, byte[] bytes)
    {
        string path = _folder["hostile" + Path.GetExtension(name)];
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        string? errorId = null;
        try
        {
            using var source = DepthSources.Open(new() { SourcePath = path }, TestContext.Current.CancellationToken);
            var depth = new Plane<float>(source.Width, source.Height);
            while (source.Read(depth)) { }
        }
        catch (MetricDepthException e)
        {
            errorId = e.ErrorId;
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FewBytes);
        // milliseconds, but a busy machine lets a thread wait
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
        return errorId;
    }
}
