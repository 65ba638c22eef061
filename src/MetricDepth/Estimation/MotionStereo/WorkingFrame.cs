using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>One video frame at the working size, with what neighbours need of it. Buffers are reused for later frames.</summary>
internal sealed class WorkingFrame(int width, int height)
{
    /// <summary>The picture, BGR0.</summary>
    public Plane<uint> Color { get; } = new(width, height);

    /// <summary>Its census transform.</summary>
    public Plane<uint> Census { get; } = new(width, height);

    /// <summary>Mean absolute difference of horizontal neighbours: falls with motion blur.</summary>
    public double Sharpness { get; private set; }

    /// <summary>Derives everything from <see cref="Color"/>.</summary>
    /// <param name="luma">Scratch.</param>
    public void Prepare(Plane<byte> luma)
    {
        ImageFilters.Luma(Color, luma);
        CensusCost.Transform(luma, Census);
        long sum = 0;
        for (int y = 0; y < luma.Height; y++)
        {
            var row = luma.Row(y);
            for (int x = 1; x < row.Length; x++) sum += Math.Abs(row[x] - row[x - 1]);
        }
        Sharpness = sum / (double)luma.Data.Length;
    }
}
