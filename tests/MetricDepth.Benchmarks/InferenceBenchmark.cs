using System.Diagnostics;
using System.Globalization;
using MetricDepth.Estimation;
using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Scenes.Checkpoints;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// What <c>ConvertTo-MetricDepth</c> costs over its network alone: full-size Video-Depth-Anything with random weights, on one clip, against
/// bare sessions that get ready tensors, and against the one-graph layout that encodes every window's 32 frames.
/// </summary>
/// <remarks>Each way runs in a process of its own, so that peak memory is its own; ways alternate, so that a machine that is busy slows all of
/// them. Times are of the process from its work's start to its end, loading the network included, and CPU time includes ffmpeg's.</remarks>
internal static class InferenceBenchmark
{
    private const string Own = "ConvertTo-MetricDepth", Bare = "bare sessions", Whole = "one graph";

    /// <summary>Compares the ways.</summary>
    /// <param name="options"><c>--clip FILE</c>, <c>--size SHORTER_SIDE</c>, <c>--frames N</c>, <c>--pairs N</c>, <c>--letter s|b|l</c>, <c>--without-whole</c>.</param>
    public static int Run(ReadOnlySpan<string> options)
    {
        string clip = "../shared/data/clips/bear.mp4", letter = "s";
        int size = 280, frames = 82, pairs = 2;
        bool whole = true;
        for (int i = 0; i < options.Length; i++)
            switch (options[i])
            {
                case "--clip": clip = options[++i]; break;
                case "--letter": letter = options[++i]; break;
                case "--size": size = Number(options[++i]); break;
                case "--frames": frames = Number(options[++i]); break;
                case "--pairs": pairs = Number(options[++i]); break;
                case "--without-whole": whole = false; break;
                default: throw new ArgumentException($"unknown option {options[i]}");
            }
        string folder = Directory.CreateTempSubdirectory("metricdepth-inference-").FullName;
        try
        {
            string checkpoint = Path.Combine(folder, "metric_random.pth");
            RandomCheckpoint.Write(checkpoint, Path.Combine(AppContext.BaseDirectory, "StateDicts", $"vit{letter}_state_dict.txt"), seed: 1);
            var results = new List<Measured>();
            for (int pair = 0; pair < pairs; pair++)
            {
                // once one first, once the other: what changes on the machine meanwhile hits both
                foreach (string way in (string[])(pair % 2 == 0 ? [Bare, Own] : [Own, Bare])) Measure(way);
                if (whole && pair == 0) Measure(Whole);
            }
            Summarise(results);

            void Measure(string way)
            {
                var measured = Measured.Of(way, [checkpoint, clip, size.ToString(CultureInfo.InvariantCulture), frames.ToString(CultureInfo.InvariantCulture), Path.Combine(folder, "depth.mkv")]);
                Console.WriteLine(measured);
                results.Add(measured);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    /// <summary>Goes one way, in a process of its own.</summary>
    public static int Part(string way, string checkpoint, string clip, string size, string frames, string destination)
    {
        var watch = Stopwatch.StartNew();
        int count = way switch
        {
            Own => RunOwn(checkpoint, clip, Number(size), Number(frames), destination),
            Bare => RunBare(checkpoint, clip, Number(size), Number(frames)),
            _ => RunWhole(checkpoint, clip, Number(size), Number(frames)),
        };
        double seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {seconds:R} {PeakBytes()}"));
        return 0;
    }

    private static int RunOwn(string checkpoint, string clip, int size, int frames, string destination) =>
        (int)DepthEstimation.Run(new()
        {
            SourcePath = clip,
            DestinationPath = destination,
            Overwrite = true,
            ModelPath = checkpoint,
            InputSize = size,
            MaxFrames = frames,
            HorizontalFov = 63,
            Inference = new() { Device = InferenceDevice.Cpu },
        }, null, default).FrameCount!.Value;

    /// <summary>The same graphs, as often as the windows need them, on tensors that are there.</summary>
    private static int RunBare(string file, string clip, int size, int frames)
    {
        var (width, height, count) = Shape(clip, size, frames);
        using var checkpoint = Checkpoint.Open(file);
        using var network = new GraphWindowNetwork(VideoDepthAnythingNetwork.Read(checkpoint), width, height, 1, new() { Device = InferenceDevice.Cpu });
        var picture = Ready(3 * width * height);
        int windows = (count + WindowRule.Step - 1) / WindowRule.Step;
        for (int frame = 0, window = 0; window < windows; window++)
        {
            int last = Math.Min(count, window * WindowRule.Step + WindowRule.Length);
            for (; frame < last; frame++) network.Encode(picture, frame % WindowRule.Length, 1, default);
            network.Decode(WindowRule.Length, default);
        }
        return count;
    }

    /// <summary>Every window anew, all of its 32 frames encoded: as exports of the original have it.</summary>
    private static int RunWhole(string file, string clip, int size, int frames)
    {
        var (width, height, count) = Shape(clip, size, frames);
        using var checkpoint = Checkpoint.Open(file);
        var graph = VideoDepthAnythingNetwork.Read(checkpoint).WholeGraph(width, height, InferencePrecision.Float32, null, GraphTargets.For(InferenceDevice.Cpu)).InMemory();
        using var model = OnnxModel.Open(graph, new() { Device = InferenceDevice.Cpu });
        using var binding = model.Bind();
        var pictures = binding.Input(VideoDepthAnythingNetwork.PictureInput, 1, WindowRule.Length, 3, height, width);
        binding.Output(VideoDepthAnythingNetwork.DepthOutput, 1, WindowRule.Length, height, width);
        Ready(pictures.Values.Length).CopyTo(pictures.Values);
        for (int done = 0; done < count; done += WindowRule.Step) binding.Run(default);
        return count;
    }

    private static (int Width, int Height, int Frames) Shape(string clip, int size, int frames)
    {
        var video = VideoProbe.Probe(clip);
        var (width, height) = Estimation.DepthAnything.PictureSize.ForVideo(video.Width, video.Height, size);
        return (width, height, (int)Math.Min(frames, video.FrameCount ?? frames));
    }

    private static Memory<float> Ready(int count)
    {
        var random = new Random(1);
        var values = new float[count];
        foreach (ref float value in values.AsSpan()) value = (float)(random.NextDouble() * 4 - 2);
        return values;
    }

    private static void Summarise(List<Measured> results)
    {
        Measured[] own = Of(Own), bare = Of(Bare), whole = Of(Whole);
        var speeds = own.Zip(bare, (o, b) => o.FramesPerSecond / b.FramesPerSecond).ToArray();
        Print($"frames a second over bare sessions: {Mean(speeds):0.000} (at least 0.9; pairs {string.Join(", ", speeds.Select(r => r.ToString("0.00", CultureInfo.InvariantCulture)))}); by CPU time {Cpu(bare) / Cpu(own):0.000}");
        Print($"peak memory over bare sessions: {(double)own.Max(r => r.PeakBytes) / bare.Max(r => r.PeakBytes) - 1:+0.0 %;-0.0 %} (at most +25 %)");
        if (whole is [var one])
            Print($"frames a second over one graph: {own[0].FramesPerSecond / one.FramesPerSecond:0.00} (at least 1.3); by CPU time {one.CpuPerFrame / Cpu(own):0.00}; its memory {one.PeakBytes / 1e9:0.00} GB");

        Measured[] Of(string way) => [.. results.Where(r => r.Way == way)];
        // geometric, so that it does not matter which of the two is above
        static double Mean(double[] ratios) => Math.Exp(ratios.Average(Math.Log));
        static double Cpu(Measured[] runs) => runs.Average(r => r.CpuPerFrame);
        static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The process's largest resident size (VmHWM).</summary>
    private static long PeakBytes()
    {
        if (!OperatingSystem.IsLinux()) return Process.GetCurrentProcess().PeakWorkingSet64;
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private sealed record Measured(string Way, int Frames, double Seconds, double CpuSeconds, long PeakBytes)
    {
        public double FramesPerSecond => Frames / Seconds;

        public double CpuPerFrame => CpuSeconds / Frames;

        public static Measured Of(string way, IReadOnlyList<string> arguments)
        {
            var run = ProgramRun.Measure([Environment.ProcessPath!, "inference-part", way, .. arguments], out string output);
            string[] words = output.Trim().Split('\n')[^1].Split(' ');
            return new(way, Number(words[0]), double.Parse(words[1], CultureInfo.InvariantCulture), run.CpuSeconds, long.Parse(words[2], CultureInfo.InvariantCulture));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Way,-22} {Frames} frames in {Seconds:0.0} s: {FramesPerSecond:0.000} a second, {CpuPerFrame:0.000} s of CPU a frame, peak {PeakBytes / 1e6:0} MB");
    }
}
