using MetricDepth.Estimation.VideoDepthAnything;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>A network whose depth is how green a pixel is.</summary>
internal sealed class GreenNetwork(int width, int height) : IWindowNetwork
{
    private readonly float[] slots = new float[32 * width * height];

    public int WindowLength => 32;
    public int Batch => 3;
    public int InputWidth => width;
    public int InputHeight => height;

    /// <summary>What it says of a byte of green.</summary>
    public static float Value(byte green) => (green / 255f - 0.456f) / 0.224f + 3;

    public void Encode(ReadOnlyMemory<float> pictures, int firstSlot, int count, CancellationToken cancellation)
    {
        int n = width * height;
        for (int i = 0; i < count; i++)
            for (int p = 0; p < n; p++) slots[(firstSlot + i) * n + p] = pictures.Span[(3 * i + 1) * n + p] + 3;
    }

    public void CopySlot(int from, int to) => slots.AsSpan(from * width * height, width * height).CopyTo(slots.AsSpan(to * width * height));

    public ReadOnlyMemory<float> Decode(int count, CancellationToken cancellation) => slots;

    public void Dispose()
    {
    }
}
