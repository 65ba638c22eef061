using System.Runtime.CompilerServices;
using MetricDepth.Geometry;

namespace MetricDepth.Infill;

/// <summary>
/// Space as frame 0's camera divides it: six square pyramids around it, each cut into cells of one of its pixels, and by depth.
/// Depth errs along the view ray and pixels are pixels, so cells that follow the rays hold one point of a surface where cubes
/// would hold a pile of them.
/// </summary>
/// <param name="camera">Frame 0's camera.</param>
internal readonly struct BackgroundGrid(Intrinsics camera)
{
    // Depth of one frame errs by some percent against that of the next: less is one surface.
    private const float BinsPerFactorE = 33;
    private const float Nearest = 1e-3f;

    private readonly float _fx = (float)camera.Fx, _fy = (float)camera.Fy, _cx = (float)camera.Cx, _cy = (float)camera.Cy;

    /// <summary>Where a point lies: the pyramid, the place in its picture in pixels, and the depth along its axis in metres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Locate(float x, float y, float z, out int pyramid, out float u, out float v, out float depth)
    {
        float ax = Math.Abs(x), ay = Math.Abs(y);
        float a, b;
        // forwards first: that is where nearly everything is
        if (z >= ax && z >= ay) (pyramid, a, b, depth) = (0, x, y, z);
        else if (ax >= ay && ax >= Math.Abs(z)) (pyramid, a, b, depth) = x > 0 ? (1, -z, y, ax) : (2, z, y, ax);
        else if (ay >= Math.Abs(z)) (pyramid, a, b, depth) = y > 0 ? (3, x, -z, ay) : (4, x, z, ay);
        else (pyramid, a, b, depth) = (5, -x, y, -z);
        float inverse = 1 / depth;
        u = a * inverse * _fx + _cx;
        v = b * inverse * _fy + _cy;
        return depth > Nearest;
    }

    /// <summary>The slice of depth that a depth lies in, with slices so much thinner.</summary>
    public static float DepthBin(float depth, float finer) => MathF.Log(depth) * (BinsPerFactorE * finer);
}
