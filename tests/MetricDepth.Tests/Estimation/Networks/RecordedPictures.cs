using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>The pictures that PyTorch's answers belong to, as the networks take them.</summary>
internal static class RecordedPictures
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Pixels of n×height×width×RGB as (rgb/255 − mean)/deviation in n×3×height×width.</summary>
    public static float[] Read(string name)
    {
        var (pixels, shape) = ModelFixture.Pixels(name);
        int plane = shape[1] * shape[2];
        var values = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i % 3, pixel = i / 3 % plane, picture = i / 3 / plane;
            values[(picture * 3 + channel) * plane + pixel] = (pixels[i] / 255f - Mean[channel]) / Deviation[channel];
        }
        return values;
    }
}
