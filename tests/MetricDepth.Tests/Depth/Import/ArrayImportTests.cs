using System.IO.Compression;
using System.Text;
using MetricDepth.Depth;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Tests.Depth.Import;

/// <summary>NumPy arrays and archives, from others and of unusual makes.</summary>
public sealed class ArrayImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("depths.npz")]
    [InlineData("stored.npz")]
    [InlineData("big-endian-float64.npy")]
    [InlineData("float16.npy")]
    [InlineData("uint16.npy")]
    public void What_numpy_saves_opens(string name)
    {
        var (video, warnings) = Imported.Run(new() { SourcePath = DepthFile.Path(name), DestinationPath = _folder["d.mkv"] });
        Assert.Empty(warnings);
        Assert.Equal((5, 4, new Rational(30)), (video.Width, video.Height, video.FrameRate));
        var frames = Imported.Frames(video);
        Assert.Equal(3, frames.Count);
        for (int f = 0; f < 3; f++)
            for (int y = 0; y < 4; y++)
                for (int x = 0; x < 5; x++)
                    Assert.InRange(frames[f][x, y], DepthFile.ArrayDepth(x, y, f) - DepthCodec.Step(20), DepthFile.ArrayDepth(x, y, f) + 1e-6); // a code's step, downward
    }

    [Fact]
    public void A_single_picture_in_centimetres_becomes_one_frame()
    {
        Save("a.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", [0, 100, 200, 300, 400, 500]);
        var (video, _) = Imported.Run(new() { SourcePath = _folder["a.npy"], DepthUnit = 0.01, FrameRate = 24 });
        Assert.Equal((3, 2, 1L, new Rational(24)), (video.Width, video.Height, video.FrameCount!.Value, video.FrameRate));
        var depth = Assert.Single(Imported.Frames(video));
        for (int i = 0; i < 6; i++) Assert.Equal(i, depth.Data[i], DepthCodec.Step(20));
    }

    [Fact]
    public void Numbers_that_are_no_distance_become_no_depth_and_are_counted()
    {
        Save("a.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3, 3), }", [1, double.NaN, 2, double.PositiveInfinity, 3, -1, 0, double.NegativeInfinity, 1e300]);
        var (video, warnings) = Imported.Run(new() { SourcePath = _folder["a.npy"] });
        Assert.Contains("5 pixels", Assert.Single(warnings), StringComparison.Ordinal); // 1e300 is infinite in single precision
        Assert.Equal([true, false, true, false, true, false, false, false, false], Imported.Frames(video)[0].Data.Select(d => d > 0));
    }

    [Fact]
    public void The_array_is_found_by_its_name_or_its_shape_and_facts_beside_it_are_used()
    {
        Zip("a.npz", ("K", Array([3, 3], 9)), ("metres", Array([2, 3, 4], 24)));
        Assert.Equal(2, Imported.Run(new() { SourcePath = _folder["a.npz"] }).Video.FrameCount);

        Zip("two.npz", ("first", Array([2, 3, 4], 24)), ("second", Array([1, 6, 8], 48)),
            ("intrinsics", NpyTests.Array(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }", [4, 0, 3.5, 0, 4, 2.5, 0, 0, 1])),
            ("frame_rate", NpyTests.Array(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", [29.97])));
        var e = Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["two.npz"] }));
        Assert.Equal("DepthArrayNotFound", e.ErrorId);
        Assert.Contains("first (2, 3, 4), second (1, 6, 8)", e.Message, StringComparison.Ordinal);
        Assert.Contains("-ArrayName", e.Message, StringComparison.Ordinal);
        Assert.Equal("DepthArrayNotFound", Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["two.npz"], ArrayName = "third" })).ErrorId);
        var video = Imported.Run(new() { SourcePath = _folder["two.npz"], ArrayName = "second" }).Video;
        Assert.Equal((8, 6, new Rational(30000, 1001)), (video.Width, video.Height, video.FrameRate));
        Assert.Equal((90, 2 * Math.Atan(3 / 4.0) * 180 / Math.PI), (video.HorizontalFov!.Value, video.VerticalFov!.Value)); // f = 4 px, 8×6 px
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648, 480, 640), }", "claims")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 32768, 32768), }", "claims")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 99999999999), }", "within")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4, 4), }", "no frames")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (12,), }", "neither")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 2, 3, 1), }", "neither")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3, 2, 2), }", "|O")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (3, 2, 1), }", "c8")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2, 2), }", "ascontiguousarray")]
    [InlineData("{'descr': [('z', '<f4')], 'fortran_order': False, 'shape': (3, 2, 2), }", "records")]
    public void An_array_that_lies_or_is_of_another_kind_is_named(string header, string why)
    {
        Save("a.npy", header, [1, 2, 3, 4, 5, 6]);
        Zip("a.npz", ("depth", File.ReadAllBytes(_folder["a.npy"])));
        foreach (string name in (string[])["a.npy", "a.npz"])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var e = Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder[name] }));
            Assert.Equal("NpyMalformed", e.ErrorId);
            Assert.Contains(why, e.Message, StringComparison.Ordinal);
            // buffers of fixed size
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void Eight_bits_without_a_unit_are_no_depth()
    {
        var bytes = NpyTests.Array(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 4), }", [BitConverter.Int64BitsToDouble(0x0807060504030200)]);
        File.WriteAllBytes(_folder["a.npy"], bytes);
        Assert.Equal("DepthUnitMissing", Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["a.npy"] })).ErrorId);
        var depth = Imported.Frames(Imported.Run(new() { SourcePath = _folder["a.npy"], DepthUnit = 0.5 }).Video)[0];
        Assert.Equal(4, depth[3, 1], DepthCodec.Step(20));
    }

    [Fact]
    public void A_damaged_number_in_an_archive_is_not_taken_for_depth()
    {
        byte[] bytes = File.ReadAllBytes(DepthFile.Path("stored.npz"));
        bytes[bytes.AsSpan().IndexOf("NUMPY"u8) - 1 + 128 + 42] ^= 1; // behind the header of the array, which is stored as it is
        File.WriteAllBytes(_folder["a.npz"], bytes);
        var e = Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["a.npz"] }));
        Assert.Equal("NpyMalformed", e.ErrorId);
        Assert.Contains("checksum", e.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    private void Save(string name, string header, double[] values) => File.WriteAllBytes(_folder[name], NpyTests.Array(1, header, values));

    private static byte[] Array(int[] shape, int count) =>
        NpyTests.Array(1, $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}", [.. Enumerable.Range(1, count).Select(i => i * 0.1)]);

    private void Zip(string name, params (string Name, byte[] Bytes)[] arrays)
    {
        using var zip = new ZipArchive(File.Create(_folder[name]), ZipArchiveMode.Create, false, Encoding.UTF8);
        foreach (var (array, bytes) in arrays)
        {
            using var entry = zip.CreateEntry(array + ".npy").Open();
            entry.Write(bytes);
        }
    }
}
