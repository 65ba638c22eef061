using MetricDepth.Geometry;
using MetricDepth.Rendering.Filling;

namespace MetricDepth.Rendering;

/// <summary>
/// Draws a camera as people draw cameras: a wire pyramid from its centre to the corners of its picture, with a mark at the picture's
/// upper edge. What lies in front of a line hides it.
/// </summary>
/// <param name="source">The camera to draw.</param>
/// <param name="length">Height of the pyramid, m.</param>
internal sealed class CameraFrustum(Intrinsics source, double length)
{
    // BGR0: an orange that is rare in rooms and landscapes.
    private const uint Color = 0xFF7A00;

    // Lines are so wide in shares of the picture's height, and at least so wide in pixels.
    private const double WidthShare = 1 / 240.0, SmallestWidth = 1.5;

    // Nearer to the eye a line would cover the picture.
    private const double NearestShare = 0.05;

    private static readonly (int From, int To)[] Edges = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4), (4, 1), (5, 6), (6, 7)];

    private readonly Vector3[] _corners = Corners(source, length);

    /// <summary>Draws it into a view.</summary>
    /// <param name="view">The view, its inverse depth told; colours change, depth and holes do not.</param>
    /// <param name="camera">The view's camera.</param>
    /// <param name="sourceToView">Takes a point from the drawn camera to the view's.</param>
    public void Draw(ViewImage view, Intrinsics camera, Pose sourceToView)
    {
        double radius = Math.Max(SmallestWidth, view.Height * WidthShare) / 2;
        foreach (var (from, to) in Edges)
        {
            Vector3 a = sourceToView * _corners[from], b = sourceToView * _corners[to];
            if (Clip(ref a, ref b, NearestShare * length)) DrawLine(view, camera, a, b, radius);
        }
    }

    private static Vector3[] Corners(Intrinsics source, double length)
    {
        double right = source.Width / (2 * source.Fx) * length, down = source.Height / (2 * source.Fy) * length, mark = 0.3 * down;
        return
        [
            default, new(-right, -down, length), new(right, -down, length), new(right, down, length), new(-right, down, length),
            new(-mark, -down - 0.2 * mark, length), new(0, -down - 1.2 * mark, length), new(mark, -down - 0.2 * mark, length),
        ];
    }

    // Cuts off what lies behind the eye; false if nothing is left.
    private static bool Clip(ref Vector3 a, ref Vector3 b, double nearest)
    {
        if (a.Z < nearest && b.Z < nearest) return false;
        if (a.Z < nearest) a += (b - a) * ((nearest - a.Z) / (b.Z - a.Z));
        else if (b.Z < nearest) b += (a - b) * ((nearest - b.Z) / (a.Z - b.Z));
        return true;
    }

    // A line is a row of discs; inverse depth is linear along it on the picture.
    private static void DrawLine(ViewImage view, Intrinsics camera, Vector3 a, Vector3 b, double radius)
    {
        double ax = camera.Fx * a.X / a.Z + camera.Cx, ay = camera.Fy * a.Y / a.Z + camera.Cy;
        double bx = camera.Fx * b.X / b.Z + camera.Cx, by = camera.Fy * b.Y / b.Z + camera.Cy;
        bool steep = Math.Abs(by - ay) > Math.Abs(bx - ax);
        // u runs along the line, v across it.
        var (au, av, bu, bv) = steep ? (ay, ax, by, bx) : (ax, ay, bx, by);
        int limitU = steep ? view.Height : view.Width, limitV = steep ? view.Width : view.Height;
        double du = bu - au, dv = bv - av, squared = du * du + dv * dv, reach = (radius + 1) * Math.Sqrt(2);
        int first = (int)Math.Clamp(Math.Floor(Math.Min(au, bu) - reach), 0, limitU), last = (int)Math.Clamp(Math.Ceiling(Math.Max(au, bu) + reach), -1, limitU - 1);
        for (int u = first; u <= last; u++)
        {
            double along = du == 0 ? 0 : Math.Clamp((u - au) / du, 0, 1), middle = av + along * dv;
            int from = (int)Math.Clamp(Math.Floor(middle - reach), 0, limitV), to = (int)Math.Clamp(Math.Ceiling(middle + reach), -1, limitV - 1);
            for (int v = from; v <= to; v++)
            {
                double t = squared > 0 ? Math.Clamp(((u - au) * du + (v - av) * dv) / squared, 0, 1) : 0;
                double offU = u - au - t * du, offV = v - av - t * dv;
                double alpha = Math.Min(1, radius + 0.5 - Math.Sqrt(offU * offU + offV * offV));
                if (alpha <= 0) continue;
                int at = steep ? u * view.Stride + v : v * view.Stride + u;
                double inverse = (1 - t) / a.Z + t / b.Z;
                if (inverse >= view.InverseDepth[at]) view.Color[at] = PixelMix.Blend(view.Color[at], Color, (float)alpha);
            }
        }
    }
}
