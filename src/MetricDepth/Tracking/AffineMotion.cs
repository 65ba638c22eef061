using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>An affine motion of the picture: where a point of one frame is in the next.</summary>
internal readonly record struct AffineMotion(Vector2 Origin, Vector2 Shift, Vector2 AlongX, Vector2 AlongY)
{
    // a point that misses the motion by this much counts half
    private const float Tolerance = 1;
    private const int Rounds = 4;

    /// <summary>Standing still.</summary>
    public static AffineMotion None => new(default, default, Vector2.UnitX, Vector2.UnitY);

    /// <summary>Where <paramref name="p"/> goes.</summary>
    public Vector2 Apply(Vector2 p)
    {
        var d = p - Origin;
        return Origin + Shift + AlongX * d.X + AlongY * d.Y;
    }

    /// <summary>The motion that most of the points share: least squares, reweighted against what moves otherwise (Cauchy).</summary>
    /// <param name="from">Positions before.</param>
    /// <param name="to">Positions after.</param>
    /// <param name="valid">Which of them count.</param>
    public static AffineMotion Dominant(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to, ReadOnlySpan<bool> valid)
    {
        var xs = new List<float>();
        var ys = new List<float>();
        var origin = Vector2.Zero;
        for (int i = 0; i < from.Length; i++)
        {
            if (!valid[i]) continue;
            xs.Add(to[i].X - from[i].X);
            ys.Add(to[i].Y - from[i].Y);
            origin += from[i];
        }
        if (xs.Count == 0) return None;
        origin /= xs.Count;
        xs.Sort();
        ys.Sort();
        var motion = new AffineMotion(origin, new(xs[xs.Count / 2], ys[ys.Count / 2]), Vector2.UnitX, Vector2.UnitY);
        for (int round = 0; round < Rounds; round++)
            if (!motion.Refit(from, to, valid, out motion)) break;
        return motion;
    }

    // normal equations of a, b, c in displacement = a + b x + c y, the same for both coordinates
    private bool Refit(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to, ReadOnlySpan<bool> valid, out AffineMotion motion)
    {
        double w1 = 0, wx = 0, wy = 0, wxx = 0, wxy = 0, wyy = 0, u1 = 0, ux = 0, uy = 0, v1 = 0, vx = 0, vy = 0;
        for (int i = 0; i < from.Length; i++)
        {
            if (!valid[i]) continue;
            double weight = 1 / (1 + Vector2.DistanceSquared(Apply(from[i]), to[i]) / (Tolerance * Tolerance));
            double x = from[i].X - Origin.X, y = from[i].Y - Origin.Y, u = to[i].X - from[i].X, v = to[i].Y - from[i].Y;
            w1 += weight;
            wx += weight * x;
            wy += weight * y;
            wxx += weight * x * x;
            wxy += weight * x * y;
            wyy += weight * y * y;
            u1 += weight * u;
            ux += weight * u * x;
            uy += weight * u * y;
            v1 += weight * v;
            vx += weight * v * x;
            vy += weight * v * y;
        }
        // a hint of prior keeps few points, or points in a row, from making up a shear
        wxx += 100;
        wyy += 100;
        double a = wxx * wyy - wxy * wxy, b = wxy * wy - wx * wyy, c = wx * wxy - wxx * wy, det = w1 * a + wx * b + wy * c;
        motion = this;
        if (!(det > 1e-9)) return false;
        double e = w1 * wyy - wy * wy, f = wx * wy - w1 * wxy, g = w1 * wxx - wx * wx;
        motion = new(Origin,
            new((float)((a * u1 + b * ux + c * uy) / det), (float)((a * v1 + b * vx + c * vy) / det)),
            new(1 + (float)((b * u1 + e * ux + f * uy) / det), (float)((b * v1 + e * vx + f * vy) / det)),
            new((float)((c * u1 + f * ux + g * uy) / det), 1 + (float)((c * v1 + f * vx + g * vy) / det)));
        return true;
    }
}
