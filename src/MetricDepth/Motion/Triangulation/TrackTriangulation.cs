using System.Numerics;
using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Triangulation;

/// <summary>
/// The places of tracked points from known camera poses: rays first, then steps of Gauss-Newton on the reprojection error with Cauchy's
/// weights (Hartley and Zisserman, Multiple View Geometry, 12.2 and appendix 6.8), which are generous at first and strict at last, so that
/// sightings of something else let go of the point. Tracks are read anew for each step, so that memory grows
/// with the number of points only.
/// </summary>
internal sealed class TrackTriangulation
{
    /// <summary>Fewer sightings that agree prove nothing: two rays always nearly meet.</summary>
    public const int FewestSightings = 3;

    /// <summary>Below a degree of parallax, a pixel's error moves a point by a tenth of its distance and more.</summary>
    public const double LeastParallaxDegrees = 1;

    // 2 px at 640, at least one: what trackers and H.264 leave; a point that moves by itself is off by more
    private const double AgreeingError = 2.0 / 640, LeastAgreeingError = 1;
    private const double FewAgreeing = 0.5;
    private const int Steps = 6, LaxSteps = 4;

    private readonly Dictionary<int, int> _slots = [];
    private readonly List<PointEstimate> _estimates = [];
    private readonly IReadOnlyList<Pose> _poses;
    private readonly Func<long, bool> _isListed;
    private readonly Intrinsics _camera;
    private readonly double _agreeing;

    private TrackTriangulation(IReadOnlyList<Pose> poses, Intrinsics camera, Func<long, bool> isListed)
    {
        (_poses, _camera, _isListed) = (poses, camera, isListed);
        _agreeing = Math.Max(LeastAgreeingError, AgreeingError * camera.Width);
    }

    /// <summary>Finds the points.</summary>
    /// <param name="tracks">The tracks, px of the camera's pictures.</param>
    /// <param name="poses">Camera to world, one a frame.</param>
    /// <param name="camera">The lens.</param>
    /// <param name="isListed">The frames whose sightings are listed; the places come from all frames.</param>
    /// <param name="progress">Frames read, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static TriangulatedTracks Run(PointTracks tracks, IReadOnlyList<Pose> poses, Intrinsics camera, Func<long, bool> isListed,
        IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var run = new TrackTriangulation(poses, camera, isListed);
        int passes = Steps + 2;
        long frames = Math.Min(tracks.FrameCount, poses.Count), done = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            foreach (var frame in tracks.Read(cancellation))
            {
                if (frame.Index >= poses.Count) break;
                run.Look(frame, pass);
                progress?.Report(new("Triangulating points", ++done, passes * frames));
            }
            foreach (ref var estimate in CollectionsMarshal.AsSpan(run._estimates))
                if (pass == 0) estimate.Place();
                else if (pass <= Steps) estimate.Move();
        }
        return run.Result(tracks);
    }

    private void Look(TrackedFrame frame, int pass)
    {
        var pose = _poses[(int)frame.Index];
        var inverse = pose.Rotation.Transposed;
        bool isListed = _isListed(frame.Index);
        for (int i = 0; i < frame.Ids.Length; i++)
        {
            var seen = frame.Points[i];
            if (pass == 0)
            {
                ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, frame.Ids[i], out bool known);
                if (!known)
                {
                    slot = _estimates.Count;
                    _estimates.Add(default);
                }
                var ray = new Vector3((seen.X - _camera.Cx) / _camera.Fx, (seen.Y - _camera.Cy) / _camera.Fy, 1);
                CollectionsMarshal.AsSpan(_estimates)[slot].AddRay(pose.Translation, pose.Rotation * ray.Normalized);
                continue;
            }
            // a file that was changed meanwhile may have others
            if (!_slots.TryGetValue(frame.Ids[i], out int known2)) continue;
            ref var estimate = ref CollectionsMarshal.AsSpan(_estimates)[known2];
            if (!estimate.IsPlaced || !TryProject(inverse * (estimate.Position - pose.Translation), _camera, out var at, out var p)) continue;
            var error = at - seen;
            if (pass <= Steps)
            {
                double z = 1 / p.Z;
                var du = pose.Rotation * new Vector3(_camera.Fx * z, 0, -_camera.Fx * p.X * z * z);
                var dv = pose.Rotation * new Vector3(0, _camera.Fy * z, -_camera.Fy * p.Y * z * z);
                double scaled = 2 * error.Length() / (_agreeing * (1 << Math.Max(0, LaxSteps - pass)));
                estimate.AddError(du, dv, error, 1 / (1 + scaled * scaled));
            }
            else if (error.Length() <= _agreeing)
            {
                estimate.AddInlier(pose.Translation, error.Length(), isListed);
            }
        }
    }

    private TriangulatedTracks Result(PointTracks tracks)
    {
        double widest = Math.Cos(LeastParallaxDegrees * Math.PI / 180);
        var points = new List<TriangulatedPoint>();
        var numbers = new Dictionary<int, int>();
        foreach (var (id, slot) in _slots.OrderBy(s => s.Key))
        {
            var e = _estimates[slot];
            if (!e.IsPlaced || e.Inliers < FewestSightings || e.Inliers < FewAgreeing * e.Sightings || e.Listed < 2 || e.LeastCosine > widest) continue;
            numbers.Add(id, points.Count);
            points.Add(new(e.Position, e.Listed, e.ErrorSum / e.Listed));
        }
        return new(tracks, points, numbers, _poses, _camera, _agreeing) { TrackCount = _slots.Count };
    }

    /// <summary>Where a point in the camera's axes is seen, px; false behind the camera.</summary>
    internal static bool TryProject(Vector3 p, Intrinsics camera, out Vector2 at, out Vector3 inCamera)
    {
        (inCamera, at) = (p, default);
        if (!(p.Z > 1e-9)) return false;
        at = new((float)(camera.Fx * p.X / p.Z + camera.Cx), (float)(camera.Fy * p.Y / p.Z + camera.Cy));
        return true;
    }
}
