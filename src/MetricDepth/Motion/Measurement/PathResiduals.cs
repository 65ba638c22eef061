using System.Numerics;
using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Measurement;

/// <summary>
/// How far each point of a frame is from where the path, with all that has been seen of the point until then, has it. Frames come in order; points that are out
/// of sight for long are forgotten.
/// </summary>
internal sealed class PathResiduals(Intrinsics camera, CameraPath path)
{
    private const int Forget = 150, SweepEvery = 64;

    private readonly Dictionary<int, RunningPoint> _points = [];

    // a room's distance for a hand's motion; where the camera does not move, any
    private readonly double _assumed = 10 * Math.Max(0.1, Extent(path));

    /// <summary>The residual of each point, px: seen minus expected; NaN for a point that is seen for the first time, or comes to lie behind the camera.</summary>
    public Vector2[] Next(SightedFrame frame)
    {
        var residuals = new Vector2[frame.Ids.Length];
        residuals.AsSpan().Fill(new(float.NaN));
        if (frame.Index >= path.Poses.Count) return residuals;
        var pose = path.Poses[(int)frame.Index];
        var toCamera = pose.Inverse;
        // poses between others would spoil the points
        bool isSolved = path.Frames.Count == 0 || path.Frames[(int)frame.Index].State == PoseState.Solved;
        for (int i = 0; i < residuals.Length; i++)
        {
            var seen = frame.Points[i];
            if (!_points.TryGetValue(frame.Ids[i], out var point)) _points.Add(frame.Ids[i], point = new());
            if (isSolved)
            {
                var ray = new Vector3((seen.X - camera.Cx) / camera.Fx, (seen.Y - camera.Cy) / camera.Fy, 1);
                double depth = frame.Depths.Length > 0 ? frame.Depths[i] : 0;
                point.Add(frame.Index, pose.Translation, pose.Rotation * ray.Normalized, depth * ray.Length, _assumed);
            }
            // one ray agrees with itself
            if (point.Count < 2) continue;
            var x = toCamera * point.Position;
            if (x.Z > 0)
                residuals[i] = new((float)(seen.X - (camera.Fx * x.X / x.Z + camera.Cx)), (float)(seen.Y - (camera.Fy * x.Y / x.Z + camera.Cy)));
        }
        if (frame.Index % SweepEvery == 0)
            foreach (var (id, point) in _points)
                if (point.LastSeen < frame.Index - Forget) _points.Remove(id);
        return residuals;
    }

    private static double Extent(CameraPath path) => path.Poses.Max(p => p.Translation.Length);
}
