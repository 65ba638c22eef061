using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// The arithmetic of stereo rendering without decoding and encoding, on one core, in units of copying a frame of the same size
/// in memory: best of several rounds, so that other load on the machine drops out.
/// </summary>
internal static class RowWarpBenchmark
{
    private const int Width = 1920, Height = 1080, Rounds = 15;

    public static int Run()
    {
        string folder = Directory.CreateTempSubdirectory("metricdepth-bench-").FullName;
        try
        {
            var depth = TexturedWalk.Write(folder, Width, Height, 1);
            var (codes, color) = (Frame(depth), Frame(VideoProbe.Probe(depth.ColorPath!)));
            var copy = new uint[2 * color.Length];
            double unit = Best(() =>
            {
                color.CopyTo(copy, 0);
                color.CopyTo(copy, color.Length);
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rows, {Width}x{Height}; copying the stereo frame: {unit * 1000:F2} ms"));
            foreach (var layout in Enum.GetValues<StereoLayout>())
                foreach (bool removeEdges in (bool[])[false, true])
                {
                    var camera = Intrinsics.FromFieldOfView(Width, Height, depth.HorizontalFov, null);
                    var arrangement = StereoArrangement.For(layout, Width, Height);
                    var job = new StereoJob(depth, depth, arrangement) { Geometry = StereoGeometry.Create(camera, 63, null, removeEdges) };
                    var renderer = new StereoFrameRenderer(depth, depth, arrangement);
                    codes.CopyTo(job.Depth, 0);
                    color.CopyTo(job.Color, 0);
                    double seconds = Best(() => renderer.Render(job));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"  {layout}{(removeEdges ? ", edges removed" : "")}: {seconds * 1000:F1} ms, {seconds / unit:F1} copies"));
                }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Best(Action work)
    {
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static uint[] Frame(VideoClip clip)
    {
        using var reader = FrameReader.Open(clip, new() { MaxFrames = 1 }, CancellationToken.None);
        var frame = new uint[reader.Width * reader.Height];
        reader.Read(MemoryMarshal.AsBytes(frame.AsSpan()));
        return frame;
    }
}
