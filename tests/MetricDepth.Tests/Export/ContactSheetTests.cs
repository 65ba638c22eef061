using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Tests.Export;

public sealed class ContactSheetTests
{
    private const int Width = 64, Height = 48, Frames = 8;

    [Fact]
    public void The_sheet_shows_near_in_red_far_in_blue_and_no_depth_in_black()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", $"color=gray:size={Width}x{Height}:rate=25", "-frames:v", $"{Frames}", "-c:v", "ffv1", folder["colour.mkv"]);
        TestClip.Ffmpeg("-f", "lavfi", "-i", $"color=gray:size={2 * Width}x{Height}:rate=25", "-frames:v", $"{Frames}", "-c:v", "ffv1", folder["stereo.mkv"]);
        WriteDepth(folder["depth.mkv"]);
        ContactSheet.Run(folder["colour.mkv"], folder["depth.mkv"], folder["stereo.mkv"], folder["sheet.png"]);

        TestClip.Ffmpeg("-i", folder["sheet.png"], "-f", "rawvideo", "-pix_fmt", "bgr0", folder["sheet.raw"]);
        var size = VideoProbe.Probe(folder["sheet.png"], TestContext.Current.CancellationToken);
        var pixels = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(folder["sheet.raw"])).ToArray();

        // the middle column's left, centre and right thirds, halfway down the first row
        uint At(double column, int y) => pixels[y * size.Width + (int)(column * size.Width)] & 0xFFFFFF;
        Assert.Equal(Colormap.Turbo(1), At((1 + 1 / 6.0) / 3, 100));
        Assert.Equal(0u, At(1.5 / 3, 100));
        Assert.Equal(Colormap.Turbo(0), At((1 + 5 / 6.0) / 3, 100));
        Assert.Equal([.. Directory.EnumerateFiles(folder.Path, "*.partial")], Array.Empty<string>());
    }

    /// <summary>1 m | nothing | 8 m.</summary>
    private static void WriteDepth(string path)
    {
        var depth = new Plane<float>(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                depth[x, y] = x < Width / 3 ? 1 : x < 2 * Width / 3 ? 0 : 8;
        using var writer = DepthVideoWriter.Open(new() { Path = path, Width = Width, Height = Height, FrameRate = new(25) }, overwrite: false,
            TestContext.Current.CancellationToken);
        for (int i = 0; i < Frames; i++) writer.Write(depth);
        writer.Complete();
    }
}
