namespace MetricDepth.Estimation.ImageDepth;

/// <summary>What a network gave for one frame. Its memory is used again for later frames.</summary>
internal sealed class NetworkMap
{
    private float[] values = [];

    /// <summary>Width, px.</summary>
    public int Width { get; private set; }

    /// <summary>Height, px.</summary>
    public int Height { get; private set; }

    /// <summary>The numbers, row-major.</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Width * Height);

    /// <summary>The same, for other threads.</summary>
    public ReadOnlyMemory<float> Memory => values.AsMemory(0, Width * Height);

    /// <summary>Sets the size; the numbers are to be written.</summary>
    public Span<float> Allocate(int width, int height)
    {
        if (values.Length < width * height) values = new float[width * height];
        (Width, Height) = (width, height);
        return values.AsSpan(0, width * height);
    }
}
