using MetricDepth.Estimation.VideoDepthAnything;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>A made-up network: what it says of a frame depends on the other frames of the window and on the slot.</summary>
internal sealed class FunctionNetwork(int width, int height, int batch) : IWindowNetwork
{
    private readonly float[] features = new float[32 * width * height];
    private readonly float[] outputs = new float[32 * width * height];

    public int WindowLength => 32;
    public int Batch => batch;
    public int InputWidth => width;
    public int InputHeight => height;

    /// <summary>How often each frame was encoded; a frame's first value is its number.</summary>
    public Dictionary<int, int> Encoded { get; } = [];

    public void Encode(ReadOnlyMemory<float> pictures, int firstSlot, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Assert.InRange(count, 1, batch);
        Assert.InRange(firstSlot + count, 1, 32);
        int length = 3 * width * height;
        for (int i = 0; i < count; i++)
        {
            var picture = pictures.Span.Slice(i * length, length);
            int number = (int)picture[0];
            Encoded[number] = Encoded.GetValueOrDefault(number) + 1;
            Feature(picture, features.AsSpan((firstSlot + i) * width * height, width * height));
        }
    }

    public void CopySlot(int from, int to) =>
        features.AsSpan(from * width * height, width * height).CopyTo(features.AsSpan(to * width * height));

    public ReadOnlyMemory<float> Decode(int slots, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Head(features, outputs, width * height);
        return outputs;
    }

    public void Dispose()
    {
    }

    /// <summary>What is known of one frame.</summary>
    public static void Feature(ReadOnlySpan<float> picture, Span<float> feature)
    {
        int n = feature.Length;
        for (int p = 0; p < n; p++) feature[p] = MathF.Sin(picture[n + p]) + 0.5f * picture[2 * n + p] * picture[2 * n + p];
    }

    /// <summary>What a window of 32 frames gives, up to a factor and an offset that the window's frames decide.</summary>
    public static void Head(ReadOnlySpan<float> features, Span<float> outputs, int n)
    {
        float mean = 0;
        foreach (float feature in features) mean += feature;
        mean /= features.Length;
        for (int t = 0; t < 32; t++)
            for (int p = 0; p < n; p++)
            {
                float here = features[t * n + p], other = features[(t * 7 + 3) % 32 * n + p], first = features[p];
                outputs[t * n + p] = Math.Max(0, (2 + 3 * MathF.Sin(40 * mean)) * (1.2f + here + 0.2f * other * first) + 4 * mean + 0.01f * t - 0.8f);
            }
    }
}
