using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>A recorded walk (colour, sensor depth in millimetres, poses) with its tracks ready, so that solvers alone are timed.</summary>
internal sealed class RoomWalk : PoseProblem
{
    private readonly List<SightedFrame> _frames;
    private readonly List<Plane<byte>> _pictures;

    private RoomWalk(List<SightedFrame> frames, List<Plane<byte>> pictures, IReadOnlyList<Pose> truth) => (_frames, _pictures, Truth) = (frames, pictures, truth);

    /// <summary>The sensor's own poses.</summary>
    public IReadOnlyList<Pose> Truth { get; }

    public static RoomWalk Load(string folder, DepthTrust depth, int points)
    {
        var clip = VideoProbe.Probe(Path.Combine(folder, "color.mp4"));
        using var color = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8 }, default);
        using var sensor = FrameReader.Open(VideoProbe.Probe(Path.Combine(folder, "depth-mm.mkv")), new() { Layout = PixelLayout.Gray16 }, default);
        var tracker = new PointTracker(clip.Width, clip.Height, new() { Points = points });
        var millimetres = new Plane<ushort>(clip.Width, clip.Height);
        List<SightedFrame> frames = [];
        List<Plane<byte>> pictures = [];
        for (var gray = new Plane<byte>(clip.Width, clip.Height); color.Read(gray.Bytes) && sensor.Read(millimetres.Bytes); gray = new(clip.Width, clip.Height))
        {
            var seen = tracker.Next(gray.Bytes);
            pictures.Add(gray);
            frames.Add(new(seen.Index, seen.Ids, seen.Points,
                depth == DepthTrust.None ? [] : [.. seen.Points.Select(p => millimetres[(int)MathF.Round(p.X), (int)MathF.Round(p.Y)] / 1000f)]));
        }
        return new(frames, pictures, CameraPath.Load(Path.Combine(folder, "poses.json")).Poses)
        {
            Camera = Intrinsics.FromFieldOfView(clip.Width, clip.Height, 62.7, null),
            FrameRate = clip.FrameRate.Value,
            FrameCount = frames.Count,
            Depth = depth,
        };
    }

    public override IEnumerable<SightedFrame> Read(CancellationToken cancellation) => _frames;

    public override IEnumerable<(long Frame, Plane<byte> Picture)> Pictures(IReadOnlyList<long> frames, CancellationToken cancellation) =>
        frames.Select(f => (f, _pictures[(int)f]));
}
