using System.IO.Compression;
using MetricDepth.Depth.Import;
using MetricDepth.Export;
using MetricDepth.Export.DepthVideos;
using MetricDepth.Imaging;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

/// <summary>Arrays as numpy wants them, and nothing left of those that were not finished.</summary>
public sealed class ArrayExportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_npy_file_is_byte_for_byte_what_numpy_saves()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], 4, 3, 2, (x, y, f) => x * 2 + y);
        var file = (FileInfo)DepthVideoExport.Run(new() { Depth = depth, Format = DepthVideoFormat.Npy }, null, TestContext.Current.CancellationToken);
        using var bytes = File.OpenRead(file.FullName);
        var header = NpyHeader.Read(bytes);
        Assert.Equal((128L, 128L + 2 * 3 * 4 * 4), (bytes.Position, bytes.Length));
        Assert.Equal(("<f4", false, "(2, 3, 4)"), (header.ElementType, header.IsFortranOrder, header.ShapeText));
        // numpy.save pads with spaces and ends with a line feed
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 4), }".PadRight(117) + "\n", System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(file.FullName)[10..128]));
    }

    [Fact]
    public void An_archive_says_which_frames_it_holds_how_fast_and_by_which_camera()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], 16, 12, 9, (_, _, _) => 2, rate: "24");
        var file = DepthVideoExport.Run(new() { Depth = depth, Format = DepthVideoFormat.Npz, Every = 4, HorizontalFov = 90 }, null, TestContext.Current.CancellationToken);
        using var zip = ZipFile.OpenRead(file.FullName);
        Assert.Equal(["depth.npy", "frame_numbers.npy", "frame_rate.npy", "max_depth.npy", "intrinsics.npy"], zip.Entries.Select(e => e.FullName));
        Assert.Equal([0L, 4, 8], Numbers("frame_numbers", BitConverter.ToInt64));
        Assert.Equal([6.0], Numbers("frame_rate", BitConverter.ToDouble)); // every fourth of 24
        Assert.Equal([20.0], Numbers("max_depth", BitConverter.ToDouble));
        // 16 px in 90°: f = 8 px, square pixels, pixel centres at integers
        Assert.Equal([8, 0, 7.5, 0, 8, 5.5, 0, 0, 1], Numbers("intrinsics", BitConverter.ToDouble).Select(v => Math.Round(v, 12)));

        T[] Numbers<T>(string name, Func<byte[], int, T> read)
        {
            using var stream = new MemoryStream();
            using (var entry = zip.GetEntry(name + ".npy")!.Open()) entry.CopyTo(stream);
            stream.Position = 0;
            NpyHeader.Read(stream);
            byte[] bytes = stream.ToArray();
            return [.. Enumerable.Range(0, (int)(stream.Length - stream.Position) / 8).Select(i => read(bytes, (int)stream.Position + 8 * i))];
        }
    }

    [Fact]
    public void An_archive_of_more_than_4_GB_is_read_back()
    {
        // 70 frames of 64 MB, each the same piece
        const int Side = 4096, Frames = 70;
        var values = new float[Side * Side];
        values.AsSpan(0, Side).Fill(3);
        using (var file = File.Create(_folder["big.npz"]))
        {
            var writer = new NpzDepthWriter(file, Side, Side);
            using var packed = new MemoryStream();
            var frame = NpzDepthWriter.Pack(values, new byte[values.Length * sizeof(float)], packed);
            for (int i = 0; i < Frames; i++) writer.Add(frame);
            writer.Complete([("frame_rate", new(NpyHeader.Float64, false, []), LittleEndian.Bytes(12.5))]);
        }
        using (var zip = ZipFile.OpenRead(_folder["big.npz"]))
            Assert.Equal((long)Frames * values.Length * sizeof(float) + 128, zip.GetEntry("depth.npy")!.Length);
        using var source = DepthSources.Open(new() { SourcePath = _folder["big.npz"] }, TestContext.Current.CancellationToken);
        Assert.Equal((Frames, 12.5), (source.FrameCount!.Value, source.FrameRate!.Value.Value));
        var depth = new Plane<float>(Side, Side);
        Assert.True(source.Read(depth));
        Assert.Equal(values, depth.Data);
    }

    [Theory]
    [InlineData(DepthVideoFormat.Npy)]
    [InlineData(DepthVideoFormat.Npz)]
    public void Stopping_leaves_nothing_and_what_was_there_before(DepthVideoFormat format)
    {
        var depth = DepthClip.Write(_folder["d.mkv"], 16, 12, 40, (_, _, _) => 2);
        string path = DepthVideoExport.DefaultPath(depth.Path, format);
        File.WriteAllText(path, "precious");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var progress = new StopAt(5, stop);
        Assert.ThrowsAny<OperationCanceledException>(() => DepthVideoExport.Run(new() { Depth = depth, Format = format, Overwrite = true }, progress, stop.Token));
        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
        Assert.Equal("DestinationExists", Assert.Throws<MetricDepthException>(
            () => DepthVideoExport.Run(new() { Depth = depth, Format = format }, null, TestContext.Current.CancellationToken)).ErrorId);
    }

    private sealed class StopAt(long frame, CancellationTokenSource stop) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind == MessageKind.None && value.Done >= frame) stop.Cancel();
        }
    }
}
