using System.Globalization;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Scenes.Checkpoints;

/// <summary>
/// Checkpoints of the official shapes with random weights of a scale that keeps a network's numbers sensible: normal with variance 1/inputs,
/// norms and layer scales 1, small biases, true position codes, a last bias that keeps most of the output above zero.
/// </summary>
public static class RandomCheckpoint
{
    private const double SmallDeviation = 0.02;
    private const float LastBias = 0.5f;

    /// <summary>Writes a checkpoint, PyTorch's or <c>.safetensors</c> by its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="listing">A text file with a line for each tensor: name, tab, <c>(sizes)</c>, tab, type.</param>
    /// <param name="seed">The same seed makes the same numbers, whatever the format.</param>
    /// <param name="type">How they are stored.</param>
    public static void Write(string path, string listing, ulong seed, TensorElementType type = TensorElementType.Float32) =>
        WeightsFile.Write(path, [.. File.ReadLines(listing).Where(line => line.Length > 0).Select((line, i) => Tensor(line.Split('\t'), seed + (ulong)i * 0x9e37_79b9, type))]);

    private static WrittenTensor Tensor(string[] columns, ulong seed, TensorElementType type)
    {
        string name = columns[0];
        long[] shape = [.. columns[1].Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(size => long.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture))];
        return new(name, type, shape, Values(name, shape, seed));
    }

    private static TensorValues Values(string name, long[] shape, ulong seed)
    {
        if (name.EndsWith(".pe", StringComparison.Ordinal)) return PositionCode((int)shape[^1]);
        if (name.EndsWith("output_conv2.2.bias", StringComparison.Ordinal)) return (_, values) => values.Fill(LastBias);
        if (shape.Length == 1 && !name.EndsWith(".bias", StringComparison.Ordinal)) return (_, values) => values.Fill(1);
        bool small = shape.Length == 1 || name.EndsWith("_token", StringComparison.Ordinal) || name.EndsWith("pos_embed", StringComparison.Ordinal);
        // a transposed convolution whose stride is its width reaches each output once from every input channel
        bool transposed = name.Contains("resize_layers.0.", StringComparison.Ordinal) || name.Contains("resize_layers.1.", StringComparison.Ordinal);
        long inputs = transposed ? shape[0] : shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        return Normal(seed, small ? SmallDeviation : 1 / Math.Sqrt(inputs));
    }

    // Vaswani et al. 2017, 3.5: sines in even channels, cosines in odd ones.
    private static TensorValues PositionCode(int channels) => (first, values) =>
    {
        for (int i = 0; i < values.Length; i++)
        {
            long position = (first + i) / channels, channel = (first + i) % channels;
            double angle = position * Math.Exp(-(channel & ~1L) * Math.Log(10_000) / channels);
            values[i] = (float)((channel & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }
    };

    // Sums of four even numbers of 16 bits each out of one step of splitmix64 (Steele et al. 2014): near enough to normal, and a nanosecond each.
    private static TensorValues Normal(ulong seed, double deviation)
    {
        float scale = (float)(deviation / (65536 * Math.Sqrt(4 / 12.0)));
        return (first, values) =>
        {
            ulong state = seed * 0xd1342543de82ef95 + (ulong)first * 0x9e3779b97f4a7c15;
            for (int i = 0; i < values.Length; i++)
            {
                ulong z = state += 0x9e3779b97f4a7c15;
                z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
                z = (z ^ z >> 27) * 0x94d049bb133111eb;
                z ^= z >> 31;
                int sum = (int)(z & 0xffff) + (int)(z >> 16 & 0xffff) + (int)(z >> 32 & 0xffff) + (int)(z >> 48);
                values[i] = (sum - 131070) * scale;
            }
        };
    }
}
