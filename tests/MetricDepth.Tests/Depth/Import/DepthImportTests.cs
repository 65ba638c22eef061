using MetricDepth.Depth;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Depth.Import;

public class DepthImportTests
{
    private static string MakePng(string path, int value, int width = 20, int height = 10, string format = "gray16be")
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", $"nullsrc=size={width}x{height}:rate=1:duration=1", "-vf", $"format=gray16le,geq=lum='if(lt(X,4),0,{value})'",
            "-frames:v", "1", "-update", "1", "-pix_fmt", format, "file:" + path);
        return path;
    }

    private static Plane<float> ReadFrame(DepthVideo video, int frame)
    {
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var depth = new Plane<float>(video.Width, video.Height);
        for (int i = 0; i <= frame; i++) Assert.True(reader.Read(depth));
        return depth;
    }

    [Fact]
    public void A_folder_of_images_becomes_a_video_in_the_order_people_count()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["50%d"]);
        MakePng(folder["50%d/f10.png"], 3000);
        MakePng(folder["50%d/f2.png"], 2000);
        MakePng(folder["50%d/f1.PNG"], 1000);
        var video = DepthImport.Run(new() { SourcePath = folder["50%d"], FrameRate = 10, HorizontalFov = 60 }, null, TestContext.Current.CancellationToken);
        Assert.Equal(folder["50%d_depth.mkv"], video.Path);
        Assert.Equal((3, 20, 10, 60.0), (video.FrameCount!.Value, video.Width, video.Height, video.HorizontalFov!.Value));
        for (int i = 0; i < 3; i++)
        {
            var depth = ReadFrame(video, i);
            Assert.Equal(i + 1, depth[10, 5], 0.0004); // one step at 20 m is 0.31 mm
            Assert.Equal(0, depth[0, 0]);               // no reading stays none
        }
    }

    [Fact]
    public void A_gray16_video_is_read_in_the_unit_given()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", "nullsrc=size=20x10:rate=25:duration=0.2", "-vf", "format=gray16le,geq=lum='X*200+N'", "-c:v", "ffv1", folder["mm.mkv"]);
        var video = DepthImport.Run(new() { SourcePath = folder["mm.mkv"], DepthUnit = 0.0002, MaxDepth = 2 }, null, TestContext.Current.CancellationToken);
        var depth = ReadFrame(video, 3);
        for (int x = 0; x < 20; x++) Assert.InRange(depth[x, 4], (x * 200 + 3) * 0.0002 - 3.2e-5, (x * 200 + 3) * 0.0002 + 1e-6);
    }

    [Theory]
    [InlineData("eight", "NotSixteenBitGray")]
    [InlineData("sizes", "SizesDiffer")]
    [InlineData("text", "NotAPng")]
    [InlineData("nothing", "NoImages")]
    [InlineData("broken", "VideoDamaged")]
    public void Images_that_are_no_depth_are_named_and_leave_nothing(string what, string errorId)
    {
        using var folder = new TempFolder();
        string source = Directory.CreateDirectory(folder["in"]).FullName;
        if (what != "nothing") MakePng(folder["in/1.png"], 1000);
        if (what == "eight") MakePng(folder["in/2.png"], 1000, format: "gray");
        if (what == "sizes") MakePng(folder["in/2.png"], 1000, width: 30);
        if (what == "text") File.WriteAllText(folder["in/2.png"], "not an image, however long the text may be");
        if (what == "broken") File.WriteAllBytes(folder["in/2.png"], File.ReadAllBytes(folder["in/1.png"])[..40]);
        var e = Assert.Throws<MetricDepthException>(() => DepthImport.Run(new() { SourcePath = source }, null, TestContext.Current.CancellationToken));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_sensors_holes_stay_holes()
    {
        using var folder = new TempFolder();
        var video = DepthImport.Run(new() { SourcePath = DataFile.Require("room/depth-mm.mkv"), DestinationPath = folder["d.mkv"], MaxFrames = 3 }, null, TestContext.Current.CancellationToken);
        var depth = ReadFrame(video, 0);
        double holes = depth.Data.Count(d => d == 0) / (double)depth.Data.Length;
        Assert.InRange(holes, 0.1, 0.4); // the data's own description: about a quarter
        Assert.InRange(depth.Data.Where(d => d > 0).Average(), 0.8, 4); // a kitchen
    }
}
