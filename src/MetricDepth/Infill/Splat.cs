using System.Numerics;
using System.Runtime.CompilerServices;

namespace MetricDepth.Infill;

/// <summary>A point of the background as a view sees it: a soft disc.</summary>
/// <param name="X">Column, px.</param>
/// <param name="Y">Row, px.</param>
/// <param name="InverseDepth">1/m.</param>
/// <param name="Radius">Where it ends, px.</param>
/// <param name="Color">BGR0.</param>
/// <param name="InFrame">Where the frame that the view is drawn from has it: column and row, px, and inverse depth, 1/m.</param>
internal readonly record struct Splat(float X, float Y, float InverseDepth, float Radius, uint Color, Vector3 InFrame)
{
    /// <summary>A pixel's middle counts as covered from this weight on: about three quarters of the spacing from a point.</summary>
    public const float LeastCover = 0.45f;

    // Discs of points a distance apart reach a little over the neighbour, so that no pixel falls between them.
    private const float Overlap = 1.3f, LeastRadius = 1.1f, MostRadius = 24;

    /// <summary>How far a point's disc reaches, px.</summary>
    /// <param name="spacing">The distance to the next point, px.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reach(float spacing) => Math.Clamp(spacing * Overlap, LeastRadius, MostRadius);

    /// <summary>The pixels that it may touch; false when there are none in the picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Cover(int width, int height, out int left, out int right, out int top, out int bottom)
    {
        left = right = top = bottom = 0;
        if (!(X > -Radius && Y > -Radius && X < width + Radius && Y < height + Radius)) return false;
        left = Math.Max(0, (int)MathF.Ceiling(X - Radius));
        right = Math.Min(width - 1, (int)MathF.Floor(X + Radius));
        top = Math.Max(0, (int)MathF.Ceiling(Y - Radius));
        bottom = Math.Min(height - 1, (int)MathF.Floor(Y + Radius));
        return left <= right && top <= bottom;
    }

    /// <summary>How much it counts at a pixel: 1 in its middle, 0 from its radius on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Weight(int x, int y)
    {
        float dx = x - X, dy = y - Y, rest = 1 - (dx * dx + dy * dy) / (Radius * Radius);
        return rest > 0 ? rest * rest : 0;
    }
}

/// <summary>
/// What the discs at one pixel add up to: the plane through their colours and inverse depths, by least squares with their weights
/// (moving least squares), taken at the pixel's middle. A mean alone would blur, and pull towards where more points lie.
/// </summary>
internal struct PlateSample
{
    // The plane bends to noise where points lie in a line: this much of the weight holds it level.
    private const float Level = 0.03f;

    // The middle of evenly strewn discs is within a fifth of their radius; that of half of them is at more than two fifths.
    private const float MostOff = 0.33f;

    private Vector4 _sum, _sumX, _sumY;
    private Vector3 _frame, _frameX, _frameY;
    private float _x, _y, _xx, _xy, _yy, _radius;

    /// <summary>The sum of weights; 0 where there is nothing.</summary>
    public float Weight { get; private set; }

    /// <summary>1/m, once <see cref="Normalize"/> has been called.</summary>
    public readonly float InverseDepth => _sum.W;

    /// <summary>Red, green, blue, once <see cref="Normalize"/> has been called.</summary>
    public readonly Vector3 Rgb => _sum.AsVector3();

    /// <summary>Where the frame has it: column and row, px, and inverse depth, 1/m; once <see cref="Normalize"/> has been called.</summary>
    public readonly Vector3 InFrame => _frame;

    /// <summary>Adds a disc.</summary>
    /// <param name="splat">The disc.</param>
    /// <param name="x">The pixel's column.</param>
    /// <param name="y">The pixel's row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Splat splat, int x, int y)
    {
        float weight = splat.Weight(x, y), dx = (splat.X - x) * weight, dy = (splat.Y - y) * weight;
        var value = new Vector4(splat.Color >> 16 & 255, splat.Color >> 8 & 255, splat.Color & 255, splat.InverseDepth);
        Weight += weight;
        _sum += value * weight;
        _sumX += value * dx;
        _sumY += value * dy;
        _frame += splat.InFrame * weight;
        _frameX += splat.InFrame * dx;
        _frameY += splat.InFrame * dy;
        _radius += splat.Radius * weight;
        _x += dx;
        _y += dy;
        _xx += dx * (splat.X - x);
        _xy += dx * (splat.Y - y);
        _yy += dy * (splat.Y - y);
    }

    /// <summary>Whether the discs lie all to one side, so that the pixel is beyond the last of them.</summary>
    public readonly bool IsBeyond => _x * _x + _y * _y > MostOff * MostOff * _radius * _radius;

    /// <summary>Solves for the value at the pixel's middle.</summary>
    public void Normalize()
    {
        float inverse = 1 / Weight, mx = _x * inverse, my = _y * inverse;
        // covariances; the plane goes through the means
        float xx = _xx * inverse - mx * mx + Level, xy = _xy * inverse - mx * my, yy = _yy * inverse - my * my + Level;
        float determinant = xx * yy - xy * xy, alongX = (yy * mx - xy * my) / determinant, alongY = (xx * my - xy * mx) / determinant;
        var mean = _sum * inverse;
        _sum = mean - (_sumX * inverse - mean * mx) * alongX - (_sumY * inverse - mean * my) * alongY;
        var place = _frame * inverse;
        _frame = place - (_frameX * inverse - place * mx) * alongX - (_frameY * inverse - place * my) * alongY;
    }

    /// <summary>The colour, BGR0, so much brighter.</summary>
    public readonly uint Color(Vector3 offset)
    {
        var c = Vector3.Clamp(Rgb + offset + new Vector3(0.5f), Vector3.Zero, new(255));
        return (uint)c.X << 16 | (uint)c.Y << 8 | (uint)c.Z;
    }
}
