using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// <c>Invoke-StereoRender</c> at 1920×1080 against one ffmpeg that decodes the same inputs and encodes the same output: the very
/// frames that we wrote, decoded beforehand to raw files, which lie in the system's file cache. It converts nothing and draws
/// nothing. Both run in turn, in pairs, so that whatever else the machine does falls on both; the figure is the median of the
/// pairs' ratios. Ours is the whole program, from its start to its end.
/// </summary>
internal static class StereoBenchmark
{
    private const int Width = 1920, Height = 1080;
    private static readonly (string Name, string[] Arguments, double Allowed)[] Subjects =
    [
        ("Invoke-StereoRender", [], 1.2),
        ("Invoke-StereoRender -InfillMask, holes filled", ["-InfillMask"], 1.5),
    ];

    public static int Run(string[] arguments)
    {
        int frames = Option(arguments, "--frames", 60), pairs = Option(arguments, "--pairs", 5);
        string program = Path.Combine(RepositoryRoot(), "out", "bin", OperatingSystem.IsWindows() ? "metricdepth.exe" : "metricdepth");
        if (!File.Exists(program))
        {
            Console.Error.WriteLine($"'{program}' is not there: run 'dotnet run build.cs -- build' first.");
            return 2;
        }
        string folder = Directory.CreateTempSubdirectory("metricdepth-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stereo, {Width}x{Height}, {frames} frames, {pairs} pairs, {Environment.ProcessorCount} cores"));
            var depth = TexturedWalk.Write(folder, Width, Height, frames);
            bool within = true;
            foreach (var (name, added, allowed) in Subjects)
            {
                Console.WriteLine(name);
                within &= Measure([program, "Invoke-StereoRender", depth.Path, "-DestinationPath", Path.Combine(folder, "ours.mkv"), "-Force", .. added],
                    depth, folder, added.Contains("-InfillMask"), pairs, allowed);
            }
            return within ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Measure(string[] ours, DepthVideo depth, string folder, bool hasMask, int pairs, double allowed)
    {
        // Once beforehand: it makes the picture that ffmpeg alone has to encode, and both start with warm files.
        var oneFrame = ProgramRun.Measure([.. ours, "-MaxFrames", "1"]);
        ProgramRun.Measure(ours);
        string[] theirs = FfmpegAlone(depth, folder, hasMask);
        var ratios = new List<double>();
        for (int pair = 0; pair < pairs; pair++)
        {
            var alone = ProgramRun.Measure(theirs);
            var with = ProgramRun.Measure(ours);
            ratios.Add(with.Seconds / alone.Seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  pair {pair + 1}: ffmpeg alone {alone}, ours {with}, ratio {with.Seconds / alone.Seconds:F2} (CPU {with.CpuSeconds / alone.CpuSeconds:F2})"));
        }
        ratios.Sort();
        double median = (ratios[(pairs - 1) / 2] + ratios[pairs / 2]) / 2;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  median ratio {median:F2} (at most {allowed} is asked for): {(median <= allowed ? "ok" : "TOO SLOW")}; a single frame takes {oneFrame}"));
        return median <= allowed;
    }

    private static string[] FfmpegAlone(DepthVideo depth, string folder, bool hasMask)
    {
        var clip = VideoProbe.Probe(Path.Combine(folder, "ours.mkv"));
        var picture = new FrameWriterOptions { Width = clip.Width, Height = clip.Height, FrameRate = clip.FrameRate };
        List<string> inputs = [], outputs = [];
        AddEncoding(picture, "ours.mkv");
        if (hasMask) AddEncoding(picture with { Layout = PixelLayout.Gray8 }, OutputName.InfillMask("ours.mkv"));
        foreach (string input in (string[])[depth.ColorPath!, depth.Path])
        {
            outputs.AddRange(["-map", string.Create(CultureInfo.InvariantCulture, $"{inputs.Count(a => a == "-i")}:v"), "-f", "null", "-"]);
            inputs.AddRange(["-i", input]);
        }
        return [FfmpegProgram.Ffmpeg, "-nostdin", .. inputs, .. outputs];

        // The writer's own arguments, reading a raw file instead of the pipe.
        void AddEncoding(FrameWriterOptions options, string name)
        {
            string raw = Path.Combine(folder, name + ".raw");
            ProgramRun.Measure([FfmpegProgram.Ffmpeg, "-v", "error", "-y", "-i", Path.Combine(folder, name), "-f", "rawvideo", raw]);
            var arguments = EncoderArguments.For(options, "matroska", Path.Combine(folder, "alone_" + name));
            int pipe = arguments.IndexOf("pipe:0");
            outputs.AddRange(["-map", string.Create(CultureInfo.InvariantCulture, $"{inputs.Count(a => a == "-i")}:v"), .. arguments[(pipe + 1)..]]);
            inputs.AddRange([.. arguments[..pipe], raw]);
        }
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
