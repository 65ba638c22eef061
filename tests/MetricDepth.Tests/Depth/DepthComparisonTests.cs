using MetricDepth.Depth;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Depth;

public class DepthComparisonTests
{
    private static DepthVideo Make(string path, int width, int height, int frames, Func<int, int, int, float> depth)
    {
        var facts = new DepthVideo { Path = path, Width = width, Height = height, FrameRate = new(25) };
        using var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(width, height);
        for (int f = 0; f < frames; f++)
        {
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    plane[x, y] = depth(f, x, y);
            writer.Write(plane);
        }
        return writer.Complete();
    }

    [Fact]
    public void The_figures_are_those_of_the_textbook()
    {
        using var folder = new TempFolder();
        var truth = Make(folder["t.mkv"], 10, 4, 2, (f, x, y) => x == 9 ? 0 : 2);
        // half of the seen pixels 10 % too far, half 50 % too near; row 3 has no depth
        var judged = Make(folder["d.mkv"], 10, 4, 2, (f, x, y) => y == 3 ? 0 : f == 0 ? 2.2f : 1f);
        var r = DepthComparison.Run(new() { Depth = judged, Reference = truth }, null, TestContext.Current.CancellationToken);
        Assert.Equal((2L, 1.0), (r.FrameCount, r.ScaleFactor));
        Assert.Equal(0.3, r.AbsRel, 0.001); // (0.1 + 0.5) / 2
        Assert.Equal(Math.Sqrt((0.04 + 1) / 2), r.Rmse, 0.001);
        Assert.Equal(0.5, r.Delta1, 6);
        Assert.Equal(0.75, r.Coverage, 6);
        Assert.Equal([0.1, 0.5], r.Frames.Select(f => Math.Round(f.AbsRel, 3)));
    }

    [Fact]
    public void Median_scaling_takes_one_factor_out_of_the_whole_clip()
    {
        using var folder = new TempFolder();
        var truth = Make(folder["t.mkv"], 16, 9, 3, (f, x, y) => 1 + x * 0.2f + f);
        var judged = Make(folder["d.mkv"], 16, 9, 3, (f, x, y) => (1 + x * 0.2f + f) * 1.7f);
        var r = DepthComparison.Run(new() { Depth = judged, Reference = truth, MedianScaling = true }, null, TestContext.Current.CancellationToken);
        Assert.Equal(1 / 1.7, r.ScaleFactor, 0.001);
        Assert.InRange(r.AbsRel, 0, 0.001);
    }

    [Fact]
    public void A_depth_of_another_size_is_compared_at_the_same_places()
    {
        using var folder = new TempFolder();
        var truth = Make(folder["t.mkv"], 40, 20, 1, (f, x, y) => 1 + (x / 20) + (y / 10));
        var judged = Make(folder["d.mkv"], 20, 10, 1, (f, x, y) => 1 + (x / 10) + (y / 5));
        Assert.InRange(DepthComparison.Run(new() { Depth = judged, Reference = truth }, null, TestContext.Current.CancellationToken).AbsRel, 0, 1e-6);
    }

    [Fact]
    public void Nothing_in_common_is_an_error_not_a_score()
    {
        using var folder = new TempFolder();
        var truth = Make(folder["t.mkv"], 8, 8, 1, (f, x, y) => x < 4 ? 1 : 0);
        var judged = Make(folder["d.mkv"], 8, 8, 1, (f, x, y) => x < 4 ? 0 : 1);
        Assert.Equal("NothingInCommon", Assert.Throws<MetricDepthException>(() =>
            DepthComparison.Run(new() { Depth = judged, Reference = truth, MedianScaling = true }, null, TestContext.Current.CancellationToken)).ErrorId);
    }
}
