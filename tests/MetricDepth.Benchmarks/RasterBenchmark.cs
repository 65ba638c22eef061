using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// The general renderer alone, without decoding and encoding, at 1920×1080: median of several rounds, on one core and on all. Five
/// frames per second for one view on two cores are asked for.
/// </summary>
internal static class RasterBenchmark
{
    private const int Width = 1920, Height = 1080, Rounds = 21;
    private const double Asked = 5;

    public static int Run(string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("metricdepth-bench-").FullName;
        try
        {
            // Real frames may be given instead: a depth video with its colour beside it.
            var depth = arguments is [var path, ..] ? DepthVideoReader.Probe(path) : TexturedWalk.Write(folder, Width, Height, 1);
            var color = VideoProbe.Probe(depth.ColorPath!);
            var camera = Intrinsics.FromFieldOfView(color.Width, color.Height, depth.HorizontalFov ?? 63, null);
            var (codes, pixels) = (Frame(depth), Frame(color));
            var copy = new uint[pixels.Length];
            double unit = Median(() => pixels.CopyTo(copy, 0));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"raster, {color.Width}x{color.Height}, {Environment.ProcessorCount} cores; copying a frame: {unit * 1000:F2} ms"));
            var loader = new SourceLoader(depth, color.Width, color.Height);
            bool within = true;
            foreach (bool removeEdges in (bool[])[false, true])
            {
                loader.Load(codes, pixels, camera, new(removeEdges ? HoleFill.None : HoleFill.Stretch, removeEdges));
                string edges = removeEdges ? ", edges removed" : "";
                var eye = new Pose(Rotation.Identity, new(-0.0315, 0, 0));
                var beside = Pose.LookAt(new(0.3, -0.1, 0.2), new(0, 0, 3)).Inverse;
                within &= Measure("an eye" + edges, loader.Source, camera, eye, new PinholeProjection(camera), unit);
                within &= Measure("a view from 0.4 m beside" + edges, loader.Source, camera, beside, new PinholeProjection(camera), unit);
                within &= Measure("an eye, 180°" + edges, loader.Source, camera, eye, new Equirectangular180Projection(color.Width, color.Height), unit);
            }
            return within ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Measure(string name, SourceImage source, Intrinsics camera, Pose sourceToView, Projection projection, double unit)
    {
        var view = new ViewImage(projection.Width, projection.Height);
        double fps = 0;
        foreach (int threads in (int[])[1, Environment.ProcessorCount])
        {
            var rasterizer = new Rasterizer(threads);
            var before = Environment.CpuUsage;
            double seconds = Median(() => rasterizer.Draw(source, camera, sourceToView, projection, view));
            double busy = (Environment.CpuUsage.TotalTime - before.TotalTime).TotalSeconds / Rounds;
            fps = 1 / seconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name}, {threads} thread{(threads == 1 ? "" : "s")}: {seconds * 1000:F1} ms, {fps:F1} frames/s, {busy * 1000:F0} ms of CPU, {seconds / unit:F0} copies, {(double)view.CountHoles() / (view.Width * view.Height):P1} holes"));
        }
        return fps >= Asked;
    }

    private static double Median(Action work)
    {
        var seconds = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            seconds[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        return seconds[Rounds / 2];
    }

    private static uint[] Frame(VideoClip clip)
    {
        using var reader = FrameReader.Open(clip, new() { MaxFrames = 1 }, CancellationToken.None);
        var frame = new uint[reader.Width * reader.Height];
        reader.Read(MemoryMarshal.AsBytes(frame.AsSpan()));
        return frame;
    }
}
