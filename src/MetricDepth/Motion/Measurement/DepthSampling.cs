using System.Numerics;
using MetricDepth.Imaging;

namespace MetricDepth.Motion.Measurement;

/// <summary>
/// Depth at points between pixels. Where surface is smooth, inverse depth is nearly linear from pixel to pixel, so a bend beyond what noise and
/// curvature make is a depth edge: which side a point there belongs to cannot be told, and it gets none.
/// </summary>
/// <param name="clipWidth">Width of the pictures that points are given in, px.</param>
/// <param name="clipHeight">Height of the pictures, px.</param>
/// <param name="width">Width of the depth, px.</param>
/// <param name="height">Height of the depth, px.</param>
internal sealed class DepthSampling(int clipWidth, int clipHeight, int width, int height)
{
    // bends of inverse depth, relative: a Kinect's steps make 2 % at 3 m; what an edge this low does to a point's depth is no more than noise
    private const float BendTolerance = 0.04f;

    // without both neighbours slope cannot be told from an edge
    private const float StepTolerance = 0.06f;

    // where half of the surroundings are unknown, an edge may be among them
    private const int MinKnown = 5;

    private readonly float _scaleX = (float)width / clipWidth, _scaleY = (float)height / clipHeight;

    // one pixel of the clip, or of the depth where that is coarser
    private readonly int _step = Math.Max(1, (int)MathF.Round((float)width / clipWidth));

    /// <summary>Depth at a point of the clip, metres; 0 where it is not known.</summary>
    public float At(Plane<float> depth, Vector2 point)
    {
        float x = (point.X + 0.5f) * _scaleX - 0.5f, y = (point.Y + 0.5f) * _scaleY - 0.5f;
        if (!(x > -0.5f && y > -0.5f && x < width - 0.5f && y < height - 0.5f)) return 0;
        int cx = Math.Clamp((int)MathF.Round(x), 0, width - 1), cy = Math.Clamp((int)MathF.Round(y), 0, height - 1);
        float centre = Inverse(depth, cx, cy);
        if (centre == 0) return 0;
        float slopeX = 0, slopeY = 0;
        int known = 1;
        for (int axis = 0; axis < 4; axis++)
        {
            // along the row, the column, and both diagonals
            int dx = axis == 1 ? 0 : _step, dy = axis == 0 ? 0 : axis == 3 ? -_step : _step;
            float before = Inverse(depth, cx - dx, cy - dy), after = Inverse(depth, cx + dx, cy + dy);
            known += (before > 0 ? 1 : 0) + (after > 0 ? 1 : 0);
            if (before > 0 && after > 0)
            {
                if (MathF.Abs(before + after - 2 * centre) > 2 * BendTolerance * centre) return 0;
                if (axis == 0) slopeX = (after - before) / (2 * _step);
                if (axis == 1) slopeY = (after - before) / (2 * _step);
            }
            else if (before + after > 0 && MathF.Abs(before + after - centre) > StepTolerance * centre)
            {
                return 0;
            }
        }
        if (known < MinKnown) return 0;
        float inverse = centre + slopeX * (x - cx) + slopeY * (y - cy);
        return inverse > 0 ? 1 / inverse : 0;
    }

    private float Inverse(Plane<float> depth, int x, int y) =>
        (uint)x < (uint)width && (uint)y < (uint)height && depth[x, y] is > 0 and var d ? 1 / d : 0;
}
