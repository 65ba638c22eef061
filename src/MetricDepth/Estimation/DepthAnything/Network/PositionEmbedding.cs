namespace MetricDepth.Estimation.DepthAnything.Network;

/// <summary>The transformer's learned position codes, laid over another grid of patches than the one they were learned on.</summary>
/// <remarks>
/// What PyTorch's bicubic <c>interpolate</c> does when it is given scale factors (a = −0.75, half-pixel centres, edge repeated), in its
/// float32 arithmetic. DINOv2 asks for (size + 0.1)/grid, and the sampling positions follow that factor, not the sizes.
/// </remarks>
internal static class PositionEmbedding
{
    private const double Offset = 0.1;
    private const float A = -0.75f;

    /// <summary>Codes for height×width patches.</summary>
    /// <param name="codes">1 + grid² codes of <paramref name="channels"/> numbers; the first is the class token's.</param>
    /// <param name="channels">Numbers of a code.</param>
    /// <param name="grid">Side of the learned grid.</param>
    /// <param name="width">Patches across.</param>
    /// <param name="height">Patches down.</param>
    /// <returns>1 + height·width codes.</returns>
    public static float[] Interpolate(ReadOnlySpan<float> codes, int channels, int grid, int width, int height)
    {
        if (width == grid && height == grid) return codes.ToArray();
        var result = new float[(1 + width * height) * channels];
        codes[..channels].CopyTo(result);
        var patches = codes[channels..];
        var (columns, columnWeights) = Taps(grid, width);
        var (rows, rowWeights) = Taps(grid, height);
        var line = new float[grid * width * channels]; // every learned row, at the wanted columns
        for (int y = 0; y < grid; y++)
            for (int x = 0; x < width; x++)
                Blend(patches[(y * grid * channels)..], columns.AsSpan(4 * x, 4), columnWeights.AsSpan(4 * x, 4), channels,
                    line.AsSpan((y * width + x) * channels, channels), channels);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                Blend(line.AsSpan(x * channels), rows.AsSpan(4 * y, 4), rowWeights.AsSpan(4 * y, 4), width * channels,
                    result.AsSpan((1 + y * width + x) * channels, channels), channels);
        return result;
    }

    private static void Blend(ReadOnlySpan<float> from, ReadOnlySpan<int> at, ReadOnlySpan<float> weights, int step, Span<float> to, int channels)
    {
        for (int c = 0; c < channels; c++)
            to[c] = from[at[0] * step + c] * weights[0] + from[at[1] * step + c] * weights[1]
                + from[at[2] * step + c] * weights[2] + from[at[3] * step + c] * weights[3];
    }

    private static (int[] Positions, float[] Weights) Taps(int grid, int size)
    {
        var positions = new int[4 * size];
        var weights = new float[4 * size];
        float step = (float)(1 / ((size + Offset) / grid));
        for (int i = 0; i < size; i++)
        {
            float source = step * (i + 0.5f) - 0.5f;
            float floor = MathF.Floor(source), t = source - floor;
            for (int k = 0; k < 4; k++) positions[4 * i + k] = Math.Clamp((int)floor - 1 + k, 0, grid - 1);
            weights[4 * i] = Outer(t + 1);
            weights[4 * i + 1] = Inner(t);
            weights[4 * i + 2] = Inner(1 - t);
            weights[4 * i + 3] = Outer(2 - t);
        }
        return (positions, weights);
    }

    private static float Inner(float x) => ((A + 2) * x - (A + 3)) * x * x + 1;

    private static float Outer(float x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
}
