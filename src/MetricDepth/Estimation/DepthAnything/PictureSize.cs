namespace MetricDepth.Estimation.DepthAnything;

/// <summary>The size at which the Depth-Anything networks look at a picture: both sides whole patches, the shape kept as nearly as that allows.</summary>
public static class PictureSize
{
    /// <summary>The side of a patch of the vision transformer, px.</summary>
    public const int Patch = 14;

    /// <summary>The shorter side that the networks were trained at, px.</summary>
    public const int DefaultShorterSide = 518;

    /// <summary>The longest shape that Video-Depth-Anything takes at the full shorter side, longer over shorter side.</summary>
    private const double LongestRatio = 1.78, RatioKept = 1.777;

    /// <summary>
    /// One scale <c>k = max(s/w, s/h)</c>; each side becomes <c>14·round(k·side/14)</c> (half to even), or
    /// <c>14·ceil(k·side/14)</c> where that would be below <c>s</c>.
    /// </summary>
    /// <param name="width">Width of the picture, px.</param>
    /// <param name="height">Height of the picture, px.</param>
    /// <param name="shorterSide">The shorter side wanted, s, px.</param>
    /// <returns>Width and height of the network's input, px.</returns>
    public static (int Width, int Height) ForImage(int width, int height, int shorterSide = DefaultShorterSide)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shorterSide);
        double scale = Math.Max((double)shorterSide / width, (double)shorterSide / height);
        return (Side(scale * width), Side(scale * height));

        int Side(double length)
        {
            int rounded = Patch * checked((int)Math.Round(length / Patch, MidpointRounding.ToEven));
            // the shorter side comes out of s/w·w a few bits above or below s; it must not cost a patch
            return rounded >= shorterSide ? rounded : Patch * (int)Math.Ceiling(length / Patch - 1e-9);
        }
    }

    /// <summary>
    /// As <see cref="ForImage"/>, but pictures longer than 16:9 get a smaller shorter side, so that a window of 32 frames takes no more memory:
    /// with <c>r</c> = longer over shorter side above 1.78, <c>s' = 14·round(int(s·1.777/r)/14)</c> (half to even).
    /// </summary>
    /// <param name="width">Width of the picture, px.</param>
    /// <param name="height">Height of the picture, px.</param>
    /// <param name="shorterSide">The shorter side for pictures up to 16:9, s, px.</param>
    /// <returns>Width and height of the network's input, px.</returns>
    public static (int Width, int Height) ForVideo(int width, int height, int shorterSide = DefaultShorterSide)
    {
        double ratio = (double)Math.Max(width, height) / Math.Min(width, height);
        if (ratio > LongestRatio)
        {
            int reduced = (int)(shorterSide * RatioKept / ratio);
            shorterSide = Math.Max(Patch, Patch * (int)Math.Round(reduced / (double)Patch, MidpointRounding.ToEven));
        }
        return ForImage(width, height, shorterSide);
    }
}
