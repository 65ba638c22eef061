using System.Diagnostics;
using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// Stereo rendering at 1920×1080 against ffmpeg alone, which decodes the same two inputs and encodes a picture of the same size
/// and format. Both run in turn, in pairs, so that whatever else the machine does falls on both; the figure is the median of
/// the pairs' ratios.
/// </summary>
internal static class StereoBenchmark
{
    private const int Width = 1920, Height = 1080;
    private const double Allowed = 1.5;

    // The encoder's settings of FrameWriter, for a picture of this size.
    private static readonly string[] Lossless = ["-c:v", "ffv1", "-level", "3", "-g", "1", "-slices", "16", "-slicecrc", "1", "-pix_fmt", "bgr0"];

    public static int Run(string[] arguments)
    {
        int frames = Option(arguments, "--frames", 60), pairs = Option(arguments, "--pairs", 5);
        string folder = Directory.CreateTempSubdirectory("metricdepth-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stereo, {Width}x{Height}, {frames} frames, {pairs} pairs, {Environment.ProcessorCount} cores"));
            var depth = TexturedWalk.Write(folder, Width, Height, frames);
            string program = Path.Combine(RepositoryRoot(), "out", "bin", OperatingSystem.IsWindows() ? "metricdepth.exe" : "metricdepth");
            var subjects = new List<(string Name, Func<string, bool> Run)>
            {
                ("the operation, in this process", output => RunOperation(depth, output)),
            };
            if (File.Exists(program))
                subjects.Add(("the whole cmdlet, out/bin/metricdepth", output => RunProgram(program,
                    "Invoke-StereoRender", depth.Path, "-DestinationPath", output, "-Force")));
            bool within = true;
            foreach (var (name, run) in subjects) within &= Measure(name, run, depth, folder, pairs) <= Allowed;
            return within ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Measure(string name, Func<string, bool> run, DepthVideo depth, string folder, int pairs)
    {
        string ours = Path.Combine(folder, "ours.mkv"), theirs = Path.Combine(folder, "ffmpeg.mkv");
        Console.WriteLine(name);
        var ratios = new List<double>();
        for (int pair = 0; pair < pairs; pair++)
        {
            double alone = Seconds(() => RunFfmpeg(depth, theirs));
            var before = Environment.CpuUsage;
            double with = Seconds(() => run(ours));
            var after = Environment.CpuUsage;
            // Nothing of note when another program did the work.
            double spent = (after.TotalTime - before.TotalTime).TotalSeconds;
            string own = spent < 0.05 ? "" : string.Create(CultureInfo.InvariantCulture, $"this process {spent:F2} s of CPU; ");
            ratios.Add(with / alone);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  pair {pair + 1}: ffmpeg alone {alone:F2} s, ours {with:F2} s, ratio {with / alone:F2}  ({own}{new FileInfo(theirs).Length >> 20} MiB, {new FileInfo(ours).Length >> 20} MiB)"));
        }
        ratios.Sort();
        double median = (ratios[(pairs - 1) / 2] + ratios[pairs / 2]) / 2;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  median ratio {median:F2} (at most {Allowed} is asked for): {(median <= Allowed ? "ok" : "TOO SLOW")}"));
        return median;
    }

    private static bool RunOperation(DepthVideo depth, string output) =>
        StereoRender.Run(new() { Depth = depth, DestinationPath = output, Overwrite = true }, null, CancellationToken.None).FrameCount > 0;

    // Both inputs are decoded; the colour twice side by side is what the encoder gets, which is as hard to encode as a stereo pair.
    private static bool RunFfmpeg(DepthVideo depth, string output) => RunProgram(FfmpegProgram.Ffmpeg,
    [
        "-nostdin", "-v", "error", "-y", "-i", depth.ColorPath!, "-i", depth.Path,
        "-filter_complex", "[0:v]scale=in_color_matrix=bt709,format=bgr0,split[a][b];[a][b]hstack[s]",
        "-map", "[s]", .. Lossless, output, "-map", "1:v", "-f", "null", "-",
    ]);

    private static bool RunProgram(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static double Seconds(Func<bool> run)
    {
        long start = Stopwatch.GetTimestamp();
        if (!run()) throw new InvalidOperationException("The measured program failed.");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static int Option(string[] arguments, string name, int fallback)
    {
        int at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length
            && int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : fallback;
    }

    private static string RepositoryRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "MetricDepth.slnx"))) return d.FullName;
        return AppContext.BaseDirectory;
    }
}
