using MetricDepth.Estimation;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Estimation;

/// <summary>Relative depth of made-up clips, brought to metres by made-up metric depth.</summary>
public sealed class MetricAlignmentTests
{
    private const int W = 19, H = 37;

    [Theory]
    [InlineData(MetricAveraging.Rolling)]
    [InlineData(MetricAveraging.FirstFrames)]
    public void Metres_are_those_of_the_toolbox(MetricAveraging averaging)
    {
        const int frames = 200;
        var relative = Enumerable.Range(0, frames).Select(Relative).ToList();
        var metric = Enumerable.Range(0, frames).Select(Metric).ToList();
        var expected = Toolbox(relative, metric, averaging == MetricAveraging.FirstFrames);

        var alignment = new MetricAlignment(averaging);
        var sampled = new List<int>();
        for (int i = 0; i < frames; i++)
        {
            bool wants = alignment.WantsSample;
            if (wants) sampled.Add(i);
            var plane = Plane(relative[i]);
            alignment.Next(plane, wants ? Plane(metric[i]) : null).Apply(plane.Span, farthest: 50);
            // float32 against float64: values to 1e-7, deviations and a reciprocal make it a few times as much
            for (int p = 0; p < W * H; p++) Assert.Equal(expected[i][p], plane.Data[p], expected[i][p] * 1e-5);
        }
        int[] start = [.. Enumerable.Range(0, 10), 12, 16, 20, 24, 28];
        Assert.Equal(averaging == MetricAveraging.FirstFrames ? start : [.. start, .. Enumerable.Range(8, 42).Select(i => 4 * i)], sampled);
        Assert.Equal(15, alignment.SampleCount);
    }

    [Fact]
    public void What_comes_out_behind_the_camera_is_as_far_as_can_be()
    {
        var plane = new Plane<float>(4, 1);
        float[] relative = [3, 1, 0, float.NaN];
        relative.CopyTo(plane.Span);
        new MetricConversion(Factor: 0.5, InverseMean: 0.5, RelativeMean: 2).Apply(plane.Span, farthest: 30);
        Assert.Equal([1, 30, 30, 0], plane.Data);
    }

    [Fact]
    public void Metric_pixels_that_are_no_depth_are_left_out_of_the_scale()
    {
        var whole = new MetricAlignment(MetricAveraging.Rolling);
        var holed = new MetricAlignment(MetricAveraging.Rolling);
        float[] relative = [1, 2, 3, 5], metric = [4, 2, 1, 0.5f];
        var expected = whole.Next(Row(relative), Row(metric));
        var got = holed.Next(Row([.. relative, 70, 80, 90]), Row([.. metric, 0, -1, float.NaN]));
        Assert.Equal(expected.Factor, got.Factor, 1e-12);
        Assert.Equal(expected.InverseMean, got.InverseMean, 1e-12);
        Assert.Equal(expected.RelativeMean, got.RelativeMean, 1e-12);

        // infinitely far is a depth: inverse 0
        var far = new MetricAlignment(MetricAveraging.Rolling).Next(Row([1, 3]), Row([float.PositiveInfinity, 1]));
        Assert.Equal((0.5, 0.5, 2.0), (far.Factor, far.InverseMean, far.RelativeMean));
    }

    [Fact]
    public void A_black_picture_spoils_the_scale_of_none_of_the_others()
    {
        var alignment = new MetricAlignment(MetricAveraging.Rolling);
        var black = Row([0, 0, 0, 0]);
        alignment.Next(black, Row([2, 2, 4, 4])).Apply(black.Span, 20);
        Assert.All(black.Data, depth => Assert.Equal(1 / 0.375f, depth, 1e-6));
        Assert.Equal(0, alignment.SampleCount);
        Assert.True(alignment.WantsSample);

        var seen = Row([1, 2, 3, 4]);
        alignment.Next(seen, Row([1, 1 / 2f, 1 / 3f, 1 / 4f])).Apply(seen.Span, 20);
        Assert.Equal(1 / 3f, seen.Data[2], 1e-6);
        black.Span.Clear();
        alignment.Next(black, Row([2, 2, 4, 4])).Apply(black.Span, 20);
        Assert.All(black.Data, depth => Assert.True(depth >= 20)); // relative 0 is inverse 0 by the only sample, give or take a rounding
    }

    [Fact]
    public void Without_any_metric_depth_there_is_none()
    {
        var alignment = new MetricAlignment(MetricAveraging.Rolling);
        var plane = Row([1, 2, 3]);
        alignment.Next(plane, Row([0, 0, float.NaN])).Apply(plane.Span, 20);
        Assert.Equal([0, 0, 0], plane.Data);
    }

    [Fact]
    public void A_flat_metric_depth_makes_a_flat_clip_as_in_the_toolbox()
    {
        var plane = Row([1, 2, 3]);
        new MetricAlignment(MetricAveraging.Rolling).Next(plane, Row([4, 4, 4])).Apply(plane.Span, 20);
        Assert.All(plane.Data, depth => Assert.Equal(4, depth, 1e-5));
    }

    /// <summary>The toolbox's loop, written down again in float64.</summary>
    private static List<double[]> Toolbox(List<float[]> relative, List<float[]> metric, bool noRollingAverage)
    {
        List<double> factors = [], inverseMeans = [], relativeMeans = [];
        var depths = new List<double[]>();
        for (int i = 0; i < relative.Count; i++)
        {
            bool pop = false;
            if ((!noRollingAverage || factors.Count < 60 / 4) && (i % 4 == 0 || factors.Count < 10))
            {
                double[] inverse = [.. metric[i].Select(m => 1.0 / m)], r = [.. relative[i].Select(v => (double)v)];
                factors.Add(Deviation(inverse) / Deviation(r));
                inverseMeans.Add(inverse.Average());
                relativeMeans.Add(r.Average());
                pop = factors.Count > 60 / 4;
            }
            bool few = factors.Count < 10;
            double c = few ? factors[0] : factors.Average(), a = few ? inverseMeans[0] : inverseMeans.Average(), b = few ? relativeMeans[0] : relativeMeans.Average();
            depths.Add([.. relative[i].Select(r => 1 / ((r - b) * c + a))]);
            if (!pop) continue;
            factors.RemoveAt(0);
            inverseMeans.RemoveAt(0);
            relativeMeans.RemoveAt(0);
        }
        return depths;

        static double Deviation(double[] values)
        {
            double mean = values.Average();
            return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        }
    }

    // inverse depth of 1/6 to 1/1.5, in units and with an offset that drift, and a metric depth that trembles around the truth
    private static float[] Relative(int frame) => [.. Inverse(frame).Select(v => (float)(v * (900 + frame) + 40 * Math.Sin(frame * 0.05)))];

    private static float[] Metric(int frame)
    {
        var random = new Random(frame);
        double factor = 0.9 + 0.2 * random.NextDouble();
        return [.. Inverse(frame).Select(v => (float)(factor / v * (0.97 + 0.06 * random.NextDouble())))];
    }

    private static IEnumerable<double> Inverse(int frame) =>
        Enumerable.Range(0, W * H).Select(p => 0.41 + 0.24 * Math.Sin(0.031 * p + 0.07 * frame));

    private static Plane<float> Plane(float[] values)
    {
        var plane = new Plane<float>(W, H);
        values.CopyTo(plane.Span);
        return plane;
    }

    private static Plane<float> Row(float[] values)
    {
        var plane = new Plane<float>(values.Length, 1);
        values.CopyTo(plane.Span);
        return plane;
    }
}
