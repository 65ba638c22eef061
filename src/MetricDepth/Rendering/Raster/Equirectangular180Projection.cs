using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// The half sphere before the viewer: columns are longitude, rows latitude, -90° to 90° from border to border. Depth is the
/// distance from the viewer.
/// </summary>
/// <param name="width">Width, px.</param>
/// <param name="height">Height, px.</param>
internal sealed class Equirectangular180Projection(int width, int height) : Projection(width, height)
{
    // Columns and rows to a radian, and where straight ahead is.
    private readonly float _perX = (float)(width / Math.PI), _perY = (float)(height / Math.PI);
    private readonly float _cx = (width - 1) / 2f, _cy = (height - 1) / 2f;

    public override double PixelsPerRadian => Math.Max(_perX, _perY);

    public override float WidestTriangle => Width;

    public override void Project(Vector256<float> x, Vector256<float> y, Vector256<float> z,
        out Vector256<float> u, out Vector256<float> v, out Vector256<float> distance)
    {
        var across = x * x + z * z;
        u = Angle(x, z) * _perX + Vector256.Create(_cx);
        v = Angle(y, Vector256.Sqrt(across)) * _perY + Vector256.Create(_cy);
        distance = Vector256.Sqrt(across + y * y);
    }

    // atan2(side, ahead), radians. The polynomial is a minimax fit of atan(a)/a over a² in [0, 1]: |error| < 6e-9 before rounding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Angle(Vector256<float> side, Vector256<float> ahead)
    {
        var (s, c) = (Vector256.Abs(side), Vector256.Abs(ahead));
        var steep = Vector256.GreaterThan(s, c);
        var a = Vector256.Min(s, c) / Vector256.Max(Vector256.Max(s, c), Vector256.Create(float.Epsilon * (1 << 23)));
        var a2 = a * a;
        var p = Vector256.Create(0.00245666921f);
        p = p * a2 - Vector256.Create(0.0144011135f);
        p = p * a2 + Vector256.Create(0.0397807756f);
        p = p * a2 - Vector256.Create(0.0723481326f);
        p = p * a2 + Vector256.Create(0.104989209f);
        p = p * a2 - Vector256.Create(0.141612208f);
        p = p * a2 + Vector256.Create(0.199859052f);
        p = p * a2 - Vector256.Create(0.333325969f);
        p = p * a2 + Vector256.Create(0.999999886f);
        p *= a;
        p = Vector256.ConditionalSelect(steep, Vector256.Create(MathF.PI / 2) - p, p);
        p = Vector256.ConditionalSelect(Vector256.LessThan(ahead, Vector256<float>.Zero), Vector256.Create(MathF.PI) - p, p);
        return p | (side & Vector256.Create(-0f));
    }
}
