using MetricDepth.Geometry;

namespace MetricDepth.Estimation.UniDepth;

/// <summary>
/// How a frame lies in the fixed picture that a UniDepth file takes: as large as fits, in the middle, in its own shape. The margin is seen as the mean
/// colour, as where UniDepth itself widens a picture of an unusual shape; the camera stays a pinhole with square pixels.
/// </summary>
/// <param name="FrameWidth">Width of the frame, px.</param>
/// <param name="FrameHeight">Height of the frame, px.</param>
/// <param name="Width">Width of the network's picture, px.</param>
/// <param name="Height">Height of the network's picture, px.</param>
internal readonly record struct UniDepthFraming(int FrameWidth, int FrameHeight, int Width, int Height)
{
    /// <summary>Frame pixels to one of the network's.</summary>
    public double Scale => Math.Max((double)FrameWidth / Width, (double)FrameHeight / Height);

    /// <summary>Frame pixels of margin on the left and on the right.</summary>
    public double Sides => (Scale * Width - FrameWidth) / 2;

    /// <summary>Frame pixels of margin above and below.</summary>
    public double Ends => (Scale * Height - FrameHeight) / 2;

    /// <summary>The unit ray through the centre of each of the network's pixels, camera axes x right, y down, z forward.</summary>
    /// <param name="lens">The frame's camera.</param>
    /// <returns>x, then y, then z, each <see cref="Height"/> × <see cref="Width"/>, row-major.</returns>
    public float[] Rays(Intrinsics lens)
    {
        int plane = Width * Height;
        var rays = new float[3 * plane];
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                // pixel centres of the frame are at integers
                double right = ((x + 0.5) * Scale - Sides - 0.5 - lens.Cx) / lens.Fx, down = ((y + 0.5) * Scale - Ends - 0.5 - lens.Cy) / lens.Fy;
                double length = Math.Sqrt(right * right + down * down + 1);
                int at = y * Width + x;
                (rays[at], rays[plane + at], rays[2 * plane + at]) = ((float)(right / length), (float)(down / length), (float)(1 / length));
            }
        return rays;
    }
}
