using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Depth.Import;

/// <summary>Depth that leaves for another program's format comes back as it was, and with what is known of it.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const int Width = 37, Height = 19, Frames = 5;
    private const double MaxDepth = 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Formats of metres keep every code. Steps of a format are rounded to the nearest, then to the code below: half of the one, one of the other.
    [Theory]
    [InlineData(DepthVideoFormat.Exr, 0)]
    [InlineData(DepthVideoFormat.Npy, 0)]
    [InlineData(DepthVideoFormat.Npz, 0)]
    [InlineData(DepthVideoFormat.Png16, 0.0005)]
    [InlineData(DepthVideoFormat.Gray16, MaxDepth / 65025 / 2)]
    [InlineData(DepthVideoFormat.Gray8, MaxDepth / 255 / 2)]
    public void Depth_comes_back_as_it_was(DepthVideoFormat format, double halfStep)
    {
        var depth = Make();
        var file = DepthVideoExport.Run(new() { Depth = depth, Format = format, Every = 2 }, null, TestContext.Current.CancellationToken);
        var (back, warnings) = Imported.Run(new() { SourcePath = file.FullName });
        Assert.Empty(warnings);
        Assert.Equal(file.FullName + "_depth.mkv", back.Path);
        // an array without other facts has no rate; every second frame is at half the rate
        Assert.Equal(format == DepthVideoFormat.Npy ? new Rational(30) : new(30000, 2002), back.FrameRate);
        var before = Imported.Frames(depth);
        var after = Imported.Frames(back);
        Assert.Equal(3, after.Count);
        double step = DepthCodec.Step(MaxDepth), allowed = halfStep == 0 ? 0 : halfStep + step;
        for (int f = 0; f < after.Count; f++)
            for (int i = 0; i < after[f].Data.Length; i++)
            {
                float was = before[2 * f].Data[i], comes = after[f].Data[i];
                if (was == 0) Assert.Equal(0, comes);
                else Assert.InRange(comes, was - allowed, was + allowed);
            }
        if (format == DepthVideoFormat.Npy) return;
        Assert.Equal((MaxDepth, 60), (back.MaxDepth, Math.Round(back.HorizontalFov!.Value, 9)));
        Assert.NotEqual(FieldOfViewSource.None, back.FieldOfViewSource);
        if (format == DepthVideoFormat.Npz) return; // arrays of numbers have no place for words
        Assert.Equal((depth.ColorPath, DepthScale.Assumed, "MotionStereo"), (back.ColorPath, back.Scale, back.Estimator));
    }

    [Fact]
    public void What_is_asked_for_comes_before_what_a_file_says()
    {
        var depth = Make();
        var file = DepthVideoExport.Run(new() { Depth = depth, Format = DepthVideoFormat.Png16 }, null, TestContext.Current.CancellationToken);
        string color = TestClip.Make(_folder["other.mp4"], Width, Height, 0.2);
        var (back, _) = Imported.Run(new() { SourcePath = file.FullName, DepthUnit = 0.0005, MaxDepth = 30, FrameRate = 12, VerticalFov = 40, ColorPath = color, MaxFrames = 2 });
        Assert.Equal((30.0, new Rational(12), null, 40.0, color, 2L), (back.MaxDepth, back.FrameRate, back.HorizontalFov, back.VerticalFov!.Value, back.ColorPath, back.FrameCount!.Value));
        // half the unit, half the depth: half a millimetre of rounding and a step of the codes
        var was = Imported.Frames(depth)[1];
        var comes = Imported.Frames(back)[1];
        for (int i = 0; i < was.Data.Length; i++) Assert.InRange(comes.Data[i], was.Data[i] / 2 - 0.0008, was.Data[i] / 2 + 0.0003);
    }

    private DepthVideo Make()
    {
        string color = TestClip.Make(_folder["clip.mp4"], Width, Height, 0.2);
        var random = new Random(4);
        var depth = DepthClip.Write(_folder["d.mkv"], Width, Height, Frames, (x, y, f) => (x + y + f) % 11 == 0 ? 0 : 0.4 + random.NextDouble() * 19, color, "30000/1001");
        return depth with { Scale = DepthScale.Assumed, Estimator = "MotionStereo" };
    }
}
