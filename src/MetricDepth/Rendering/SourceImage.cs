namespace MetricDepth.Rendering;

/// <summary>One frame of the source camera, as renderers draw from it. Reused from frame to frame.</summary>
/// <param name="width">Width of the colour picture, px.</param>
/// <param name="height">Height of the colour picture, px.</param>
internal sealed class SourceImage(int width, int height)
{
    /// <summary>Width, px.</summary>
    public int Width { get; } = width;

    /// <summary>Height, px.</summary>
    public int Height { get; } = height;

    /// <summary>BGR0, H×W, row-major; belongs to the frame in flight.</summary>
    public uint[] Color { get; set; } = [];

    /// <summary>1/m, 0 = no depth; H×W, row-major.</summary>
    public float[] InverseDepth { get; } = new float[width * height];

    /// <summary>
    /// Whether the surface is torn between a pixel and its right neighbour: 255 there, else 0; H×W, row-major.
    /// Nothing is drawn across a tear.
    /// </summary>
    public byte[] TornRight { get; } = new byte[width * height];

    /// <summary>The same between a pixel and its lower neighbour.</summary>
    public byte[] TornDown { get; } = new byte[width * height];
}
