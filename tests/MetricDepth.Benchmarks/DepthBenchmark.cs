using System.Diagnostics;
using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>How good, how steady and how sure motion stereo's depth is: on scenes of exact truth at three speeds, and on a recorded room.</summary>
internal static class DepthBenchmark
{
    public static int Run(ReadOnlySpan<string> rooms)
    {
        if (rooms.Length == 0) Scenes();
        foreach (string folder in rooms) Room(folder);
        return 0;
    }

    /// <summary>The same walk filmed at 25 frames a second, in slow motion and in a hurry, cameras known exactly.</summary>
    private static void Scenes()
    {
        var calibration = new ConfidenceCalibration();
        foreach (var (scene, seconds) in new[] { (Scene.Floor, 2.0), (Scene.Room, 2.4) })
            foreach (var (speed, rate, step) in new[] { ("25 fps", new Rational(25), 3), ("150 fps", new Rational(150), 18), ("25/3 fps", new Rational(25, 3), 1) })
            {
                var film = new MatchedScene(scene.WithFrameRate(rate), (int)Math.Round(seconds * rate.Value) + 1, Intrinsics.FromFieldOfView(320, 240, 63, null));
                var score = new DepthScore();
                var steady = new TemporalConsistency(film.Motion.Intrinsics, new(null, film.Motion.Poses));
                long right = 0, all = 0;
                var clock = Stopwatch.StartNew();
                film.Match(new(), (frame, depth, confidence) =>
                {
                    steady.Add(depth.Span, 1);
                    // all three are judged at the same places
                    if (frame % step != 0) return;
                    var truth = film.TrueDepth(frame);
                    score.Add(depth.Span, truth.Span, 1);
                    for (int i = 0; i < truth.Data.Length; i++, all++)
                        if (Math.Abs(depth.Data[i] - truth.Data[i]) < 0.05 * truth.Data[i]) right++;
                    calibration.Add(depth.Span, truth.Span, confidence.Span);
                });
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{scene.Name} at {speed}: AbsRel {score.AbsRel:0.0000}, d<1.25 {score.Delta1:0.0000}, within 5 % {100.0 * right / all:0.0} %, frame to frame {steady.Median:P2}, {clock.Elapsed.TotalMilliseconds / film.Count:0} ms a frame"));
            }
        Console.Write(calibration);
    }

    /// <summary>A walk with a sensor's depth and poses.</summary>
    private static void Room(string folder)
    {
        string work = Directory.CreateTempSubdirectory("metricdepth-").FullName;
        try
        {
            string color = Path.Combine(folder, "color.mp4"), poses = Path.Combine(folder, "poses.json"), solved = Path.Combine(work, "solved.json");
            var sensor = DepthImport.Run(new() { SourcePath = Path.Combine(folder, "depth-mm.mkv"), DestinationPath = Path.Combine(work, "sensor.mkv"), DepthUnit = 0.001 }, null, default);
            var clock = Stopwatch.StartNew();
            var depth = DepthEstimation.Run(new() { SourcePath = color, DestinationPath = Path.Combine(work, "depth.mkv"), HorizontalFov = 62.7, Model = "MotionStereo", Confidence = true }, null, default);
            double seconds = clock.Elapsed.TotalSeconds;
            var motion = CameraSolver.Run(new() { Clip = VideoProbe.Probe(color), HorizontalFov = 62.7 }, null, default);
            var truth = CameraPath.Load(poses).Poses;
            double scale = Trajectory.Compare(motion.Poses, truth).Scale;
            new CameraPath(null, [.. motion.Poses.Select(p => p with { Translation = p.Translation * scale })]).Save(solved);
            foreach (var (whose, path) in new[] { ("the sensor's", poses), ("our", solved) })
            {
                var r = DepthComparison.Run(new() { Depth = depth, Reference = sensor, MedianScaling = true, CameraPath = path }, null, default);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Room along {whose} path: AbsRel {r.AbsRel:0.0000}, d<1.25 {r.Delta1:0.0000}, frame to frame {r.TemporalError:P2} (the sensor's depth {r.ReferenceTemporalError:P2}), {r.FrameCount / seconds:0.00} frames a second"));
                if (path == solved) Console.Write(Calibrate(depth, sensor, r.ScaleFactor));
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static ConfidenceCalibration Calibrate(DepthVideo depth, DepthVideo sensor, double scale)
    {
        var calibration = new ConfidenceCalibration();
        using var depthReader = DepthVideoReader.Open(depth, default);
        using var sensorReader = DepthVideoReader.Open(sensor, default);
        using var confidenceReader = FrameReader.Open(VideoProbe.Probe(depth.ConfidencePath!), new() { Layout = PixelLayout.Gray8 }, default);
        var (d, s) = (new Plane<float>(depth.Width, depth.Height), new Plane<float>(depth.Width, depth.Height));
        var codes = new byte[confidenceReader.FrameBytes];
        while (depthReader.Read(d) && sensorReader.Read(s) && confidenceReader.Read(codes))
            calibration.Add(d.Span, s.Span, codes.Select(c => c / 255f).ToArray(), scale);
        return calibration;
    }
}
