using System.Diagnostics;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Imaging;

namespace MetricDepth.Benchmarks;

/// <summary>What frames cost on their way into the Depth-Anything networks and maps on their way out, on one thread.</summary>
internal static class PictureBenchmark
{
    private const int Rounds = 60;

    public static int Run()
    {
        foreach (var (width, height) in ((int, int)[])[(1280, 720), (1920, 1080), (3840, 2160)])
        {
            var picture = new Plane<uint>(width, height);
            new Random(1).NextBytes(picture.Bytes);
            var size = PictureSize.ForVideo(width, height);
            var input = new PictureInput(width, height, size.Width, size.Height);
            var tensor = new float[input.Length];
            double into = Milliseconds(() => input.Fill(picture, tensor));
            var resize = new AlignedResize(size.Width, size.Height, width, height);
            var map = tensor.AsMemory(0, size.Width * size.Height);
            var depth = new Plane<float>(width, height);
            double back = Milliseconds(() => resize.Run(map.Span, depth.Span));
            Console.WriteLine(FormattableString.Invariant($"{width}x{height} -> {size.Width}x{size.Height}: {into:0.00} ms; back: {back:0.00} ms"));
        }
        return 0;
    }

    /// <summary>The median of many rounds: other work on the machine makes single ones slow.</summary>
    private static double Milliseconds(Action action)
    {
        var times = new List<double>();
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return times[Rounds / 2];
    }
}
