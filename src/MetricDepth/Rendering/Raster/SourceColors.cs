using MetricDepth.Geometry;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// The colours of a source frame at about the sharpness of the view: where a pixel of the view is larger than one of the source,
/// colours are halved until it is not, each the mean of four, so that fine texture turns grey instead of shimmering
/// (L. Williams, "Pyramidal Parametrics", SIGGRAPH 1983).
/// </summary>
internal sealed class SourceColors
{
    // Halved from so many pixels of the source in one of the view; a little below 2, because a bilinear sample of two pixels is soft already.
    private const double Halving = 1.7;

    private readonly List<uint[]> _levels = [];

    /// <summary>BGR0, row-major, no padding.</summary>
    public uint[] Pixels { get; private set; } = [];

    /// <summary>Width, px.</summary>
    public int Width { get; private set; }

    /// <summary>Height, px.</summary>
    public int Height { get; private set; }

    /// <summary>How often they were halved.</summary>
    public int Level { get; private set; }

    /// <summary>Takes a frame's colours.</summary>
    /// <param name="source">The frame.</param>
    /// <param name="camera">Its camera.</param>
    /// <param name="projection">The view.</param>
    public void Load(SourceImage source, Intrinsics camera, Projection projection)
    {
        (Pixels, Width, Height, Level) = (source.Color, source.Width, source.Height, 0);
        for (double ratio = Math.Min(camera.Fx, camera.Fy) / projection.PixelsPerRadian; ratio >= Halving && Math.Min(Width, Height) > 1; ratio /= 2) Halve();
    }

    private void Halve()
    {
        int width = (Width + 1) / 2, height = (Height + 1) / 2;
        if (_levels.Count == Level) _levels.Add([]);
        if (_levels[Level].Length != width * height) _levels[Level] = new uint[width * height];
        uint[] half = _levels[Level];
        for (int y = 0; y < height; y++)
        {
            var upper = Pixels.AsSpan(2 * y * Width, Width);
            var lower = Pixels.AsSpan(Math.Min(2 * y + 1, Height - 1) * Width, Width);
            var row = half.AsSpan(y * width, width);
            for (int x = 0; x < row.Length; x++)
            {
                int left = 2 * x, right = Math.Min(left + 1, upper.Length - 1);
                row[x] = Mean(upper[left], upper[right], lower[left], lower[right]);
            }
        }
        (Pixels, Width, Height) = (half, width, height);
        Level++;
    }

    // Two channels at a time in 16-bit halves.
    private static uint Mean(uint a, uint b, uint c, uint d)
    {
        const uint RedBlue = 0x00FF00FF, Green = 0x0000FF00;
        uint redBlue = (a & RedBlue) + (b & RedBlue) + (c & RedBlue) + (d & RedBlue) + 0x00020002;
        uint green = (a & Green) + (b & Green) + (c & Green) + (d & Green) + 0x00000200;
        return (redBlue >> 2 & RedBlue) | (green >> 2 & Green);
    }
}
