using System.Globalization;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>How a network wants colours: each, in 0..1, less a mean, over a deviation.</summary>
/// <param name="Mean">Of red, green and blue.</param>
/// <param name="Deviation">Of red, green and blue, above 0.</param>
public sealed record ColorNormalization(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>The mean and deviation of ImageNet's pictures: what most networks were trained with.</summary>
    public static ColorNormalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Colours as they are, 0..1.</summary>
    public static ColorNormalization ZeroToOne { get; } = new([0, 0, 0], [1, 1, 1]);

    /// <summary>Colours from −1 to 1.</summary>
    public static ColorNormalization MinusOneToOne { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>Reads <c>ImageNet</c>, <c>ZeroToOne</c>, <c>MinusOneToOne</c>, or six numbers: the means of red, green and blue, then the deviations.</summary>
    /// <param name="text">Numbers are separated by commas, semicolons or spaces and have a point.</param>
    /// <exception cref="MetricDepthException"><c>NormalizationInvalid</c>.</exception>
    public static ColorNormalization Parse(string text)
    {
        string name = text.Replace("-", "", StringComparison.Ordinal).Trim();
        if (name.Equals(nameof(ImageNet), StringComparison.OrdinalIgnoreCase)) return ImageNet;
        if (name.Equals(nameof(ZeroToOne), StringComparison.OrdinalIgnoreCase)) return ZeroToOne;
        if (name.Equals(nameof(MinusOneToOne), StringComparison.OrdinalIgnoreCase)) return MinusOneToOne;
        if (Numbers(text) is [_, _, _, > 0, > 0, > 0] n) return new(n[..3], n[3..]);
        throw new MetricDepthException("NormalizationInvalid", FailureKind.InvalidArgument,
            $"-Normalization '{text}' is not known. Give ImageNet, ZeroToOne, MinusOneToOne, or six numbers: the means of red, green and blue in 0..1, then their deviations above 0, as in '0.5,0.5,0.5,0.25,0.25,0.25'.");
    }

    /// <summary>Finite numbers in a text; null if it holds anything else.</summary>
    internal static float[]? Numbers(string text)
    {
        string[] parts = text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i])) return null;
        return numbers;
    }
}
