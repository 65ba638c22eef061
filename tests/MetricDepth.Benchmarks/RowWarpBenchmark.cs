using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// Stereo rendering of both eyes without decoding and encoding: frames per second on one core and on all, and the bytes that
/// have to be touched for them (both inputs read, the picture written) per second against a plain copy of memory, which reads
/// and writes. Best of several rounds, so that other load on the machine drops out.
/// </summary>
internal static class RowWarpBenchmark
{
    private const int Width = 1920, Height = 1080, Rounds = 12, FramesPerRound = 6;

    // Far more than any cache holds.
    private const int CopiedPixels = 1 << 26;

    public static int Run()
    {
        string folder = Directory.CreateTempSubdirectory("metricdepth-bench-").FullName;
        try
        {
            var depth = TexturedWalk.Write(folder, Width, Height, 1);
            var (codes, color) = (Frame(depth), Frame(VideoProbe.Probe(depth.ColorPath!)));
            int cores = Environment.ProcessorCount;
            var (copyAlone, copyAll) = (CopyRate(1), CopyRate(cores));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"rows, {Width}x{Height}, {cores} cores; a plain copy touches {copyAlone / 1e9:F1} GB/s on one core, {copyAll / 1e9:F1} GB/s on all"));
            foreach (var (name, layout, fill, removeEdges) in ((string, StereoLayout, HoleFill, bool)[])
                [
                    ("side by side, holes filled", StereoLayout.SideBySide, HoleFill.Background, false),
                    ("side by side, holes stretched over", StereoLayout.SideBySide, HoleFill.Stretch, false),
                    ("side by side, edges removed", StereoLayout.SideBySide, HoleFill.None, true),
                    ("half side by side, holes filled", StereoLayout.HalfSideBySide, HoleFill.Background, false),
                    ("anaglyph, holes filled", StereoLayout.Anaglyph, HoleFill.Background, false),
                ])
            {
                var arrangement = StereoArrangement.For(layout, Width, Height);
                var geometry = StereoGeometry.Create(Intrinsics.FromFieldOfView(Width, Height, depth.HorizontalFov, null), 63, null, removeEdges) with { HoleFill = fill };
                Action Worker()
                {
                    var job = new StereoJob(depth, depth, arrangement, hasMask: false) { Geometry = geometry };
                    var renderer = new StereoFrameRenderer(depth, depth, arrangement);
                    codes.CopyTo(job.Depth, 0);
                    return () =>
                    {
                        color.CopyTo(job.Color, 0); // edges are separated in place
                        renderer.Render(job);
                    };
                }
                double bytes = 2.0 * Width * Height * sizeof(uint) + arrangement.Width * arrangement.Height * sizeof(uint);
                double alone = Rate(1, Worker), all = Rate(cores, Worker);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {name}: one core {alone:F1} frames/s, {alone * bytes / 1e9:F2} GB/s ({alone * bytes / copyAlone:P0} of the copy); all {all:F1} frames/s, {all * bytes / 1e9:F2} GB/s ({all * bytes / copyAll:P0})"));
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double CopyRate(int threads) => 2.0 * CopiedPixels / threads * sizeof(uint) * Rate(threads, () =>
    {
        var (from, to) = (new uint[CopiedPixels / threads], new uint[CopiedPixels / threads]);
        return () => from.CopyTo(to, 0);
    });

    // Pieces of work per second of so many threads together.
    private static double Rate(int threads, Func<Action> worker)
    {
        var workers = Enumerable.Range(0, threads).Select(_ => worker()).ToArray();
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            var running = workers.Skip(1).Select(work => Task.Factory.StartNew(() => Repeat(work), TaskCreationOptions.LongRunning)).ToArray();
            Repeat(workers[0]);
            Task.WaitAll(running);
            best = Math.Max(best, threads * FramesPerRound / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static void Repeat(Action work)
    {
        for (int i = 0; i < FramesPerRound; i++) work();
    }

    private static uint[] Frame(VideoClip clip)
    {
        using var reader = FrameReader.Open(clip, new() { MaxFrames = 1 }, CancellationToken.None);
        var frame = new uint[reader.Width * reader.Height];
        reader.Read(MemoryMarshal.AsBytes(frame.AsSpan()));
        return frame;
    }
}
