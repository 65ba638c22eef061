namespace MetricDepth.Rendering;

/// <summary>One frame of the source camera, as renderers draw from it. Reused from frame to frame.</summary>
/// <param name="width">Width of the colour picture, px.</param>
/// <param name="height">Height of the colour picture, px.</param>
internal sealed class SourceImage(int width, int height)
{
    /// <summary>A tear on both sides of which the surface ends at the last pixel's centre.</summary>
    public const byte TornAtCentres = 255;

    private const int FirstTear = 128, TearSteps = TornAtCentres - 1 - FirstTear;

    /// <summary>Width, px.</summary>
    public int Width { get; } = width;

    /// <summary>Height, px.</summary>
    public int Height { get; } = height;

    /// <summary>BGR0, H×W, row-major; belongs to the frame in flight.</summary>
    public uint[] Color { get; set; } = [];

    /// <summary>1/m, 0 = no depth; H×W, row-major.</summary>
    public float[] InverseDepth { get; } = new float[width * height];

    /// <summary>
    /// Whether the surface is torn between a pixel and its right neighbour: 0 if it is whole, else <see cref="Torn"/> or
    /// <see cref="TornAtCentres"/>; H×W, row-major. Nothing is drawn across a tear.
    /// </summary>
    public byte[] TornRight { get; } = new byte[width * height];

    /// <summary>The same between a pixel and its lower neighbour.</summary>
    public byte[] TornDown { get; } = new byte[width * height];

    /// <summary>A tear at a place between two pixels: both surfaces reach up to it.</summary>
    /// <param name="place">0 at the first pixel's centre, 1 at the second's.</param>
    public static byte Torn(float place) => (byte)(FirstTear + (int)(Math.Clamp(place, 0, 1) * TearSteps + 0.5f));

    /// <summary>Where a tear is, 0..1; not for <see cref="TornAtCentres"/>.</summary>
    public static float Place(byte torn) => (torn - FirstTear) * (1f / TearSteps);
}
