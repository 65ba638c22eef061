using System.Text;
using MetricDepth.Depth;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Depth.Import;

/// <summary>Grey of eight bits, and pictures in folders.</summary>
public sealed class GrayImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gray")]
    [InlineData("bgr0")]
    public void Eight_bits_need_a_unit(string format)
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "nullsrc=size=20x10:rate=25:duration=0.2", "-vf", "format=gray,geq=lum='X*10+N'", "-c:v", "ffv1", "-pix_fmt", format, _folder["g.mkv"]);
        Assert.Equal("DepthUnitMissing", Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["g.mkv"] })).ErrorId);
        var depth = Imported.Frames(Imported.Run(new() { SourcePath = _folder["g.mkv"], DepthUnit = 0.05 }).Video)[2];
        for (int x = 0; x < 20; x++) Assert.InRange(depth[x, 3], (x * 10 + 2) * 0.05 - DepthCodec.Step(20), (x * 10 + 2) * 0.05 + 1e-6);
    }

    [Fact]
    public void Videos_that_hold_no_exact_grey_are_named()
    {
        TestClip.Make(_folder["color.mp4"]);
        DepthClip.Write(_folder["depth.mkv"], 16, 12, 1, (_, _, _) => 2.3);
        RawVideo.Write(_folder["toolbox.mkv"], 2, 1, [0x101000u, 0x202002u]);
        AssertFails("color.mp4", "NotSixteenBitGray");
        AssertFails("depth.mkv", "IsDepthVideo");
        AssertFails("toolbox.mkv", "NotSixteenBitGray");
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder.Path).Length);

        void AssertFails(string name, string errorId)
        {
            var e = Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder[name], DepthUnit = 0.05 }));
            Assert.Equal(errorId, e.ErrorId);
            if (errorId == "IsDepthVideo" || name[0] == 't') Assert.Contains("Get-DepthVideo", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_of_exr_pictures_as_video_depth_anything_writes_them_becomes_a_video()
    {
        Directory.CreateDirectory(_folder["clip_depths_exr"]);
        // the one channel is called Z there
        for (int i = 8; i <= 10; i++)
            File.WriteAllBytes(_folder[$"clip_depths_exr/frame_{i}.exr"], Renamed(i == 10 ? "zip-half.exr" : "zip-float.exr", "Z"));
        var (video, warnings) = Imported.Run(new() { SourcePath = _folder["clip_depths_exr"], FrameRate = 24, DepthUnit = 2 });
        Assert.Empty(warnings);
        Assert.Equal((3L, 10, 19, 24.0), (video.FrameCount!.Value, video.Width, video.Height, video.FramesPerSecond));
        foreach (var frame in Imported.Frames(video))
            for (int y = 0; y < 19; y++)
                for (int x = 0; x < 10; x++) Assert.InRange(frame[x, y], 2 * DepthFile.ExrDepth(x, y) - DepthCodec.Step(20), 2 * DepthFile.ExrDepth(x, y) + 1e-6);
    }

    [Fact]
    public void Folders_that_are_no_sequence_are_named()
    {
        Directory.CreateDirectory(_folder["mixed"]);
        File.Copy(DepthFile.Path("zip-float.exr"), _folder["mixed/1.exr"]);
        File.WriteAllBytes(_folder["mixed/1.png"], []);
        Directory.CreateDirectory(_folder["sizes"]);
        File.Copy(DepthFile.Path("zip-float.exr"), _folder["sizes/1.exr"]);
        byte[] other = File.ReadAllBytes(DepthFile.Path("zip-float.exr"));
        Imaging.OpenExrTests.Move(other, "displayWindow", [0, 0, 10, 18]);
        File.WriteAllBytes(_folder["sizes/2.exr"], other);
        Directory.CreateDirectory(_folder["text"]);
        File.Copy(DepthFile.Path("zip-float.exr"), _folder["text/1.exr"]);
        File.WriteAllText(_folder["text/2.exr"], "no picture");
        Directory.CreateDirectory(_folder["empty"]);
        foreach (var (name, errorId) in ((string, string)[])[("mixed", "FolderAmbiguous"), ("sizes", "SizesDiffer"), ("text", "ExrMalformed"), ("empty", "NoImages"), ("nowhere", "FileNotFound")])
            Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder[name] })).ErrorId);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Content_decides_before_the_name_does()
    {
        File.Copy(DepthFile.Path("depths.npz"), _folder["really-an-archive.exr"]);
        Assert.Equal(3, Imported.Run(new() { SourcePath = _folder["really-an-archive.exr"] }).Video.FrameCount);
        File.WriteAllText(_folder["text.npy"], "no array");
        Assert.Equal("NpyMalformed", Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["text.npy"] })).ErrorId);
        Assert.Equal("ArrayNameUnused", Assert.Throws<MetricDepthException>(() => Imported.Run(new() { SourcePath = _folder["text.npy"], ArrayName = "depth" })).ErrorId);
    }

    private static byte[] Renamed(string file, string channel)
    {
        byte[] bytes = File.ReadAllBytes(DepthFile.Path(file));
        int at = bytes.AsSpan().IndexOf("chlist\0"u8) + 7 + 4;
        Assert.Equal((byte)'Y', bytes[at]);
        Encoding.ASCII.GetBytes(channel).CopyTo(bytes, at);
        return bytes;
    }
}
