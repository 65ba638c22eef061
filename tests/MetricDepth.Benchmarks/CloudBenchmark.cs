using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Export.Frames;
using MetricDepth.Export.PointClouds;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// Point clouds against the disk: files of points, from depth in metres to the closed file on one thread, and files of the very same
/// bytes written as they are, in turns; the ratio of the medians. Then what merging takes for each point.
/// </summary>
internal static class CloudBenchmark
{
    private const int Rounds = 9;

    // Enough that opening files does not count, little enough that nothing waits for the disk itself.
    private const long BytesPerRound = 100_000_000;

    /// <summary>Measures.</summary>
    /// <param name="parent">Where files are written; null for the folder of temporary files.</param>
    public static int Run(string? parent)
    {
        string folder = Directory.CreateDirectory(Path.Combine(parent ?? Path.GetTempPath(), $"metricdepth-clouds-{Environment.ProcessId}")).FullName;
        try
        {
            foreach (var (width, height) in ((int, int)[])[(640, 480), (1920, 1080)]) Measure(folder, width, height);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Measure(string folder, int width, int height)
    {
        var depth = TexturedWalk.Write(Directory.CreateDirectory(Path.Combine(folder, $"{width}")).FullName, width, height, 1);
        Say($"{width}x{height}, medians of {Rounds} rounds");
        foreach (var (name, options) in ((string, PointCloudExportOptions)[])
            [
                ("PLY", new() { Depth = depth }),
                ("PLY with normals", new() { Depth = depth, Normals = true }),
                ("PLY in words", new() { Depth = depth, Ascii = true }),
                ("LAS", new() { Depth = depth, Format = PointCloudFormat.Las }),
            ])
        {
            var pass = new FrameExportPass(options, null, CancellationToken.None);
            var plan = new PointCloudPlan(options, isColored: true);
            var frame = new CloudFrame(pass, plan);
            Load(frame, depth);
            var projector = new PointProjector(pass.Camera, plan.Fields);
            var row = new PointBuffer(width, plan.Fields);
            frame.Encode(projector, row, CancellationToken.None);
            byte[] bytes = Bytes(frame);
            int files = (int)Math.Max(1, BytesPerRound / bytes.Length);
            string file = Path.Combine(folder, "points");
            List<double> raw = [], points = [], encoding = [];
            for (int round = -1; round < Rounds; round++)
            {
                double rawTime = Time(files, () => WriteFile(file, stream => stream.Write(bytes)));
                double pointTime = Time(files, () =>
                {
                    frame.Encode(projector, row, CancellationToken.None);
                    WriteFile(file, stream => frame.Write(stream, CancellationToken.None));
                });
                double encodingTime = Time(files, () => frame.Encode(projector, row, CancellationToken.None));
                if (round < 0) continue; // compiled meanwhile
                raw.Add(rawTime / files);
                points.Add(pointTime / files);
                encoding.Add(encodingTime / files);
            }
            double r = Median(raw), p = Median(points), e = Median(encoding);
            Say($"  {name}: raw bytes {bytes.Length / r / 1e6:0} MB/s, points {bytes.Length / p / 1e6:0} MB/s = {r / p:P0} ({1e3 * p:0.0} ms a frame, {1e3 * e:0.0} of them projecting and packing)");
        }
        Merge(depth);
    }

    private static void Merge(DepthVideo depth)
    {
        foreach (double size in (double[])[0.01, 0.05])
        {
            var options = new PointCloudExportOptions { Depth = depth, Merge = true };
            var pass = new FrameExportPass(options, null, CancellationToken.None);
            var plan = new PointCloudPlan(options, isColored: true);
            var frame = new MergedFrame(pass, plan.Fields);
            Load(frame, depth);
            frame.Project(new(pass.Camera, plan.Fields), CancellationToken.None);
            var cells = new VoxelGrid(size, plan.Fields);
            cells.Add(frame.Points, _ => { });
            var times = Enumerable.Range(0, Rounds).Select(_ => Time(1, () => cells.Add(frame.Points, _ => { }))).ToList();
            Say($"  merging in cells of {size} m: {1e9 * Median(times) / frame.Points.Count:0} ns a point, {cells.Count} cells of {frame.Points.Count} points");
        }
    }

    private static void Load(ExportFrame frame, DepthVideo depth)
    {
        Read(depth, frame.Codes);
        Read(VideoProbe.Probe(depth.ColorPath!), frame.Color);
        frame.Prepare();
    }

    private static void Read(VideoClip clip, uint[] pixels)
    {
        using var reader = FrameReader.Open(clip, new() { MaxFrames = 1 }, CancellationToken.None);
        reader.Read(MemoryMarshal.AsBytes(pixels.AsSpan()));
    }

    private static byte[] Bytes(CloudFrame frame)
    {
        using var stream = new MemoryStream();
        frame.Write(stream, CancellationToken.None);
        return stream.ToArray();
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        write(stream);
    }

    private static double Time(int times, Action action)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < times; i++) action();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
