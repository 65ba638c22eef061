using System.Collections.Concurrent;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Tests.Motion;

/// <summary>Grey frames of a scene, and the solver run over them without a file in between.</summary>
internal static class Filmed
{
    public const int Width = 320, Height = 240;
    public const double Fov = 66;
    private static readonly ConcurrentDictionary<(Scene, int), byte[]> Frames = new();

    public static Intrinsics Camera => Intrinsics.FromFieldOfView(Width, Height, Fov, null);

    public static byte[] Gray(Scene scene, int frame) => Frames.GetOrAdd((scene, frame), _ =>
    {
        var color = scene.Render(frame, Camera).Color;
        var gray = new byte[Width * Height];
        for (int i = 0; i < gray.Length; i++)
        {
            uint c = color.Data[i];
            gray[i] = (byte)(((c >> 16 & 255) * 77 + (c >> 8 & 255) * 150 + (c & 255) * 29) >> 8);
        }
        return gray;
    });

    public static CameraMotion Solve(IEnumerable<byte[]> frames, double? fov = Fov, CameraPath? known = null, List<FrameProgress>? reports = null)
    {
        var options = new CameraSolverOptions
        {
            Clip = new VideoClip { Path = "in memory", Width = Width, Height = Height, FrameRate = new(25) },
            HorizontalFov = fov,
            KnownPath = known,
        };
        var tracker = new PointTracker(Width, Height, new());
        var solver = new ClipSolver(options, Width, Height, 25, reports is null ? null : new Collector(reports), TestContext.Current.CancellationToken);
        foreach (var frame in frames) solver.Add(tracker.Next(frame));
        return solver.Finish();
    }

    public static IEnumerable<byte[]> Film(Scene scene, int frames, int every = 1) => Enumerable.Range(0, frames).Select(f => Gray(scene, f * every));
}

/// <summary>Keeps what an operation reports.</summary>
internal sealed class Collector(List<FrameProgress> reports) : IProgress<FrameProgress>
{
    public void Report(FrameProgress value) => reports.Add(value);
}
