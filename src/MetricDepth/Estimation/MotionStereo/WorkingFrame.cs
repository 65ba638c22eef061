using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>One video frame at the working size, with what matching needs of it. Buffers are reused for later frames.</summary>
internal sealed class WorkingFrame(int width, int height)
{
    private const int TextureRadius = 4;

    /// <summary>0-based frame number.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The picture, BGR0.</summary>
    public Plane<uint> Color { get; } = new(width, height);

    /// <summary>Its brightness.</summary>
    public Plane<byte> Luma { get; } = new(width, height);

    /// <summary>Its census transform.</summary>
    public Plane<uint> Census { get; } = new(width, height);

    /// <summary>How much there is to match around each pixel.</summary>
    public Plane<float> Texture { get; } = new(width, height);

    /// <summary>Mean absolute difference of neighbouring pixels: falls with motion blur.</summary>
    public double Sharpness { get; private set; }

    /// <summary>Derives everything from <see cref="Color"/>.</summary>
    public void Take(int index)
    {
        Index = index;
        ImageFilters.Luma(Color, Luma);
        CensusCost.Transform(Luma, Census);
        ImageFilters.Texture(Luma, TextureRadius, Texture);
        long sum = 0;
        for (int y = 0; y < Luma.Height; y++)
        {
            var row = Luma.Row(y);
            for (int x = 1; x < row.Length; x++) sum += Math.Abs(row[x] - row[x - 1]);
        }
        Sharpness = sum / (double)Luma.Data.Length;
    }
}
