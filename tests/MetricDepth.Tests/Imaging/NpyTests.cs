using System.Buffers.Binary;
using System.Text;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Imaging;

public sealed class NpyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["array.npy"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_byte_for_byte_what_numpy_save_writes()
    {
        using (var writer = new NpyWriter(Path, 2, 1, 3))
        {
            writer.Write([1, 2, 3]);
            writer.Write([0, 0.5, 1]);
            writer.Complete();
        }
        // numpy.save of numpy.array([[[1., 2, 3]], [[0, .5, 1]]]): a header of 128 bytes in all
        Assert.Equal(Array(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1, 3), }", [1, 2, 3, 0, 0.5, 1], padTo: 128), File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }")]
    [InlineData(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }")]
    [InlineData(3, "{\"shape\": ( 2 , 3L ,), \"descr\": \"<f8\" , \"fortran_order\" : False}")]
    public void Every_version_and_spelling_is_read(int version, string header)
    {
        double[] values = [1, -2, 3.5, 0, 1e300, 6];
        File.WriteAllBytes(Path, Array(version, header, values));
        using var reader = NpyReader.Open(Path);
        Assert.Equal([2L, 3L], reader.Header.Shape);
        var read = new double[6];
        reader.Read(read.AsSpan(0, 4));
        reader.Read(read.AsSpan(4));
        Assert.Equal(values, read);
        reader.Seek(4);
        reader.Read(read.AsSpan(0, 1));
        Assert.Equal(1e300, read[0]);
    }

    [Fact]
    public void Single_precision_is_read()
    {
        var bytes = Array(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", []).ToList();
        foreach (float f in (float[])[1.5f, -2, 3]) bytes.AddRange(BitConverter.GetBytes(f));
        File.WriteAllBytes(Path, [.. bytes]);
        using var reader = NpyReader.Open(Path);
        var read = new double[3];
        reader.Read(read);
        Assert.Equal([1.5, -2, 3], read);
    }

    [Theory]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (6,), }", "'<i8'")]
    [InlineData("{'descr': '>f8', 'fortran_order': False, 'shape': (6,), }", "'>f8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (6,), }", "'|O'")]
    [InlineData("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (6,), }", "records")]
    [InlineData("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", "Fortran")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (7,), }", "(7,)")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 9223372036854775807, 3), }", "claims")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }", "claims")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9223372036854775807), }", "claims")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-2, -3), }", "describe")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (6,", "describe")]
    [InlineData("{'descr': '<f8, 'fortran_order': False, 'shape': (6,), }", "describe")]
    [InlineData("{'descr': '<f8', 'fortran_order': False}", "describe")]
    [InlineData("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (6,), }", "describe")]
    [InlineData("{{{{{{{{{{{{{{{{", "describe")]
    [InlineData("", "describe")]
    public void An_array_that_lies_or_is_of_another_kind_is_named(string header, string why)
    {
        File.WriteAllBytes(Path, Array(1, header, [1, 2, 3, 4, 5, 6]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<MetricDepthException>(() => NpyReader.Open(Path));
        Assert.Equal("NpyMalformed", error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        // buffers of fixed size and the message; nothing of the claimed size
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_file_that_is_no_array_is_named()
    {
        var whole = Array(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", [1]);
        var huge = Array(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", [1]);
        BinaryPrimitives.WriteUInt32LittleEndian(huge.AsSpan(8), uint.MaxValue);
        var future = (byte[])whole.Clone();
        future[6] = 4;
        foreach (byte[] bytes in (byte[][])[[], whole[..5], whole[..9], whole[..40], whole[..^1], [.. whole, 0], huge, future, Encoding.ASCII.GetBytes("not an array at all, only text")])
        {
            File.WriteAllBytes(Path, bytes);
            Assert.Equal("NpyMalformed", Assert.Throws<MetricDepthException>(() => NpyReader.Open(Path)).ErrorId);
        }
        Assert.Equal("FileNotFound", Assert.Throws<MetricDepthException>(() => NpyReader.Open(_folder["nowhere.npy"])).ErrorId);
    }

    /// <summary>A file as NumPy lays it out.</summary>
    internal static byte[] Array(int version, string header, double[] values, int? padTo = null)
    {
        int head = version == 1 ? 10 : 12;
        int length = (padTo ?? (head + header.Length + 1 + 63) / 64 * 64) - head;
        var bytes = new List<byte> { 0x93 };
        bytes.AddRange("NUMPY"u8);
        bytes.AddRange([(byte)version, 0]);
        bytes.AddRange(version == 1 ? BitConverter.GetBytes((ushort)length) : BitConverter.GetBytes((uint)length));
        bytes.AddRange(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        foreach (double v in values) bytes.AddRange(BitConverter.GetBytes(v));
        return [.. bytes];
    }
}
