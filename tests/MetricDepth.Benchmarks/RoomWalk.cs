using System.Numerics;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Motion.Measurement;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>A recorded walk (colour, depth, poses) with its tracks ready, so that solvers alone are timed.</summary>
internal sealed class RoomWalk : PoseProblem
{
    private readonly List<SightedFrame> _frames;
    private readonly List<Plane<byte>> _pictures;

    private RoomWalk(List<SightedFrame> frames, List<Plane<byte>> pictures, IReadOnlyList<Pose> truth) => (_frames, _pictures, Truth) = (frames, pictures, truth);

    /// <summary>The sensor's own poses.</summary>
    public IReadOnlyList<Pose> Truth { get; }

    /// <summary>Tracks a walk.</summary>
    /// <param name="folder">Holds <c>color.mp4</c>, <c>depth-mm.mkv</c> and <c>poses.json</c>.</param>
    /// <param name="depth">Which depth is looked up under the tracks: none, the sensor's, or an estimate's.</param>
    /// <param name="estimate">A depth video of the walk, where the depth is an estimate's.</param>
    /// <param name="points">Points wanted in a frame.</param>
    public static RoomWalk Load(string folder, DepthTrust depth, string? estimate, int points)
    {
        var clip = VideoProbe.Probe(Path.Combine(folder, "color.mp4"));
        using var color = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8 }, default);
        using var read = OpenDepth(folder, depth, estimate);
        var tracker = new PointTracker(clip.Width, clip.Height, new() { Points = points });
        var sampling = new DepthSampling(clip.Width, clip.Height, clip.Width, clip.Height);
        var metres = new Plane<float>(clip.Width, clip.Height);
        List<SightedFrame> frames = [];
        List<Plane<byte>> pictures = [];
        for (var gray = new Plane<byte>(clip.Width, clip.Height); color.Read(gray.Bytes) && read.Next(metres); gray = new(clip.Width, clip.Height))
        {
            var seen = tracker.Next(gray.Bytes);
            pictures.Add(gray);
            frames.Add(new(seen.Index, seen.Ids, seen.Points,
                depth == DepthTrust.None ? [] : [.. seen.Points.Select(p => sampling.At(metres, p))]));
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

    private static DepthStream OpenDepth(string folder, DepthTrust depth, string? estimate)
    {
        switch (depth)
        {
            case DepthTrust.Measured:
                var sensor = FrameReader.Open(VideoProbe.Probe(Path.Combine(folder, "depth-mm.mkv")), new() { Layout = PixelLayout.Gray16 }, default);
                var millimetres = new Plane<ushort>(sensor.Width, sensor.Height);
                return new(sensor, metres =>
                {
                    if (!sensor.Read(millimetres.Bytes)) return false;
                    for (int i = 0; i < millimetres.Data.Length; i++) metres.Data[i] = millimetres.Data[i] / 1000f;
                    return true;
                });
            case DepthTrust.Estimated:
                var video = DepthVideoReader.Open(DepthVideoReader.Probe(estimate!), default);
                return new(video, video.Read);
            default:
                return new(null, _ => true);
        }
    }

    private sealed record DepthStream(IDisposable? Source, Func<Plane<float>, bool> Next) : IDisposable
    {
        public void Dispose() => Source?.Dispose();
    }
}
