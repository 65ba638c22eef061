using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion.DepthAssisted;

/// <summary>What is unusual about a walk.</summary>
internal sealed record WalkConditions
{
    /// <summary>Standard deviation of a coordinate, px.</summary>
    public double PixelNoise { get; init; }

    /// <summary>What is delivered as a point's depth in a frame: frame, true depth, a normal deviate.</summary>
    public Func<int, double, double, double> Deliver { get; init; } = (_, depth, _) => depth;

    /// <summary>Whether a frame shows anything at all.</summary>
    public Func<int, bool> IsSeen { get; init; } = _ => true;

    /// <summary>Where a point (by its number) is in a frame, if not where it belongs.</summary>
    public Func<int, int, Vector3, Vector3> Move { get; init; } = (_, _, at) => at;

    /// <summary>Frame from which on all points have new numbers.</summary>
    public int Cut { get; init; } = int.MaxValue;
}

/// <summary>
/// A camera in a room of points known exactly, without pictures and without a tracker: what each frame sees is projected and noised as asked.
/// A point that leaves the picture comes back under another number, as with a tracker.
/// </summary>
internal sealed class PointCloudWalk : PoseProblem
{
    private const int Width = 640, Height = 480, Points = 2500;
    private readonly SightedFrame[] _frames;

    private PointCloudWalk(SightedFrame[] frames, IReadOnlyList<Pose> truth) => (_frames, Truth) = (frames, truth);

    /// <summary>Camera to frame 0's camera.</summary>
    public IReadOnlyList<Pose> Truth { get; }

    /// <summary>Makes a walk, 30 frames a second; frame 0's camera is to be at the origin, in the middle of the room.</summary>
    public static PointCloudWalk Of(int frames, Func<int, Pose> camera, WalkConditions conditions,
        DepthTrust depth = DepthTrust.Measured, MotionConstraint constraint = MotionConstraint.Free)
    {
        var intrinsics = Intrinsics.FromFieldOfView(Width, Height, 62.7, null);
        var truth = Enumerable.Range(0, frames).Select(camera).ToArray();
        return new([.. Film(truth, new(intrinsics), conditions)], truth)
        {
            Camera = intrinsics,
            FrameRate = 30,
            FrameCount = frames,
            Depth = depth,
            Constraint = constraint,
        };
    }

    public override IEnumerable<SightedFrame> Read(CancellationToken cancellation) => _frames;

    private static IEnumerable<SightedFrame> Film(Pose[] truth, Camera camera, WalkConditions conditions)
    {
        var random = new Random(3);
        // the walls, floor and ceiling of a room of 8 m × 8 m and 5 m height
        var points = Enumerable.Range(0, Points).Select(i =>
        {
            double a = 8 * random.NextDouble() - 4, b = 8 * random.NextDouble() - 4, h = 5 * random.NextDouble() - 2.5;
            return (i % 6) switch { 0 => new Vector3(a, h, 4), 1 => new(a, h, -4), 2 => new(4, h, b), 3 => new(-4, h, b), 4 => new(a, 2.5, b), _ => new(a, -2.5, b) };
        }).ToArray();
        var ids = Enumerable.Repeat(-1, Points).ToArray();
        int next = 0;
        for (int f = 0; f < truth.Length; f++)
        {
            if (f == conditions.Cut) Array.Fill(ids, -1);
            var inverse = truth[f].Inverse;
            var seen = new List<(int Id, Vector2 Point, float Depth)>();
            for (int i = 0; i < Points; i++)
            {
                var at = inverse * conditions.Move(f, i, points[i]);
                bool visible = camera.Project(at, out double u, out double v) && u >= 0 && v >= 0 && u <= Width - 1 && v <= Height - 1;
                if (!visible)
                {
                    ids[i] = -1;
                    continue;
                }
                double x = Normal(random), y = Normal(random), z = Normal(random);
                if (!conditions.IsSeen(f)) continue;
                if (ids[i] < 0) ids[i] = next++;
                seen.Add((ids[i], new((float)(u + conditions.PixelNoise * x), (float)(v + conditions.PixelNoise * y)), (float)conditions.Deliver(f, at.Z, z)));
            }
            var ordered = seen.OrderBy(s => s.Id).ToArray();
            yield return new(f, [.. ordered.Select(s => s.Id)], [.. ordered.Select(s => s.Point)], [.. ordered.Select(s => s.Depth)]);
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
