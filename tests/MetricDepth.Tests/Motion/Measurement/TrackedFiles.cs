using System.Numerics;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Tests.Rendering;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Motion.Measurement;

/// <summary>A clip of 64×48 pixels with tracks and depth, for what happens around the solvers.</summary>
internal sealed class TrackedFiles : IDisposable
{
    public const int Width = 64, Height = 48, Frames = 8;

    private static readonly Lazy<byte[]> Clip = new(() =>
    {
        using var folder = new TempFolder();
        return File.ReadAllBytes(TestClip.Make(folder["c.mp4"], Width, Height, Frames / 25.0));
    });

    public TempFolder Folder { get; } = new();

    public string Color => Folder["c.mp4"];

    public string Depth => Folder["c.mp4_depth.mkv"];

    /// <summary>A slanted wall: inverse depth is linear in x, from 2 m to 4 m.</summary>
    public static double Wall(double x) => 1 / (0.5 - 0.25 * x / (Width - 1));

    public string MakeColor()
    {
        File.WriteAllBytes(Color, Clip.Value);
        return Color;
    }

    public DepthVideo MakeDepth(int width = Width, int height = Height, int frames = Frames, Func<double, double, int, double>? depth = null, string rate = "25") =>
        DepthClip.Write(Depth, width, height, frames,
            (x, y, f) => (depth ?? ((u, _, _) => Wall(u)))((x + 0.5) * Width / width - 0.5, (y + 0.5) * Height / height - 0.5, f), File.Exists(Color) ? Color : null, rate);

    /// <summary>Tracks 0, 10, 20 ... at fixed places, half a pixel beside the grid; one is missing in every third frame.</summary>
    public PointTracks MakeTracks(int frames = Frames, int step = 6, Func<int, int, bool>? isSeen = null)
    {
        using var writer = PointTracksWriter.Open(Folder["c.mp4_tracking.json"], overwrite: true);
        for (int f = 0; f < frames; f++)
        {
            var all = Places(step).Select((p, i) => (Id: 10 * i, Point: p)).Where(t => isSeen?.Invoke(f, t.Id) ?? true).ToArray();
            writer.Write([.. all.Select(t => t.Id)], [.. all.Select(t => t.Point)]);
        }
        return writer.Complete(File.Exists(Color) ? Color : null);
    }

    public static IEnumerable<Vector2> Places(int step) =>
        from y in Enumerable.Range(0, Height / step)
        from x in Enumerable.Range(0, Width / step)
        select new Vector2(x * step + 2.25f, y * step + 1.5f);

    public void Dispose() => Folder.Dispose();
}

/// <summary>Stands in for a solver: looks at what it is given, and answers with a path along x.</summary>
internal sealed class WatchingSolver(Action watched) : IPoseSolver
{
    public List<SightedFrame> Given { get; } = [];

    public Func<long, PoseQuality> Quality { get; init; } = f => new(f, PoseState.Solved, f % 4 == 0, 50, 45, 0.5, 0.01, 0.1);

    public Func<long, Pose> Pose { get; init; } = f => new(Rotation.Exp(new(0, 0.01 * f, 0)), new(0.1 * f, 0, 0.02 * f));

    public CameraPathScale Scale { get; init; } = CameraPathScale.Metric;

    public PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        watched();
        Given.AddRange(problem.Read(cancellation));
        return new()
        {
            Poses = [.. Given.Select(f => Pose(f.Index))],
            Frames = [.. Given.Select(f => Quality(f.Index))],
            Scale = Scale,
            ReprojectionError = 0.6,
            InlierShare = 0.9,
            LoopsClosed = 1,
        };
    }
}
