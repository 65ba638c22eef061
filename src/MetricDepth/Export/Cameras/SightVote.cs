using MetricDepth.Export.PointClouds;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras;

/// <summary>
/// Takes out points that cameras see through: flying pixels at depth edges, guesses of single frames, who walked by. A frame votes for a point that
/// lies on what it sees there and against one that lies clearly before that; what is hidden, out of the picture or without depth gets no vote.
/// </summary>
/// <param name="points">The points.</param>
/// <param name="camera">The camera of the depth.</param>
/// <param name="cell">Edge of the cells that the points stand for, m.</param>
internal sealed class SightVote(PointBuffer points, Intrinsics camera, double cell)
{
    // a point is the mean of its cell, a pixel reaches over some of a slanted surface, and depth differs a little from frame to frame
    private const float CellTolerance = 3, DepthTolerance = 0.03f;

    private readonly int[] _votes = new int[points.Count];

    /// <summary>A frame's votes; frames may vote side by side.</summary>
    /// <param name="depth">Its depth, m, 0 = none; H×W, row-major.</param>
    /// <param name="pose">Its camera to the axes of the points.</param>
    /// <param name="votes">Receives 1, 0 or −1 for each point.</param>
    public void Ask(ReadOnlySpan<float> depth, Pose pose, Span<sbyte> votes)
    {
        var (r, t) = pose.Inverse;
        float m00 = (float)r.M00, m01 = (float)r.M01, m02 = (float)r.M02, tx = (float)t.X;
        float m10 = (float)r.M10, m11 = (float)r.M11, m12 = (float)r.M12, ty = (float)t.Y;
        float m20 = (float)r.M20, m21 = (float)r.M21, m22 = (float)r.M22, tz = (float)t.Z;
        float fx = (float)camera.Fx, fy = (float)camera.Fy, cx = (float)camera.Cx + 0.5f, cy = (float)camera.Cy + 0.5f, least = CellTolerance * (float)cell;
        for (int i = 0; i < votes.Length; i++)
        {
            votes[i] = 0;
            float x = points.X[i], y = points.Y[i], z = points.Z[i], far = m20 * x + m21 * y + m22 * z + tz;
            if (!(far > 0)) continue;
            float u = fx * (m00 * x + m01 * y + m02 * z + tx) / far + cx, v = fy * (m10 * x + m11 * y + m12 * z + ty) / far + cy;
            if (!(u >= 0 && v >= 0 && u < camera.Width && v < camera.Height)) continue;
            float seen = depth[(int)v * camera.Width + (int)u], behind = far - seen, tolerance = Math.Max(least, DepthTolerance * far);
            if (seen > 0 && behind <= tolerance) votes[i] = behind >= -tolerance ? (sbyte)1 : (sbyte)-1;
        }
    }

    /// <summary>Adds a frame's votes.</summary>
    public void Count(ReadOnlySpan<sbyte> votes)
    {
        for (int i = 0; i < votes.Length; i++) _votes[i] += votes[i];
    }

    /// <summary>Takes out the points with more votes against them than for them.</summary>
    /// <returns>How many were taken out.</returns>
    public int Apply()
    {
        int kept = 0;
        for (int i = 0; i < points.Count; i++)
        {
            if (_votes[i] < 0) continue;
            (points.X[kept], points.Y[kept], points.Z[kept]) = (points.X[i], points.Y[i], points.Z[i]);
            if (points.Color.Length > 0) points.Color[kept] = points.Color[i];
            kept++;
        }
        int taken = points.Count - kept;
        points.Count = kept;
        return taken;
    }
}
