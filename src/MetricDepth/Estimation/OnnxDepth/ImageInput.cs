using System.Globalization;
using MetricDepth.Imaging;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>How a network takes its picture: size, order of the axes, and the mean and deviation that are taken out of the colours.</summary>
internal sealed class ImageInput
{
    /// <summary>The shorter side where the network takes any size and nobody said another, px (Depth Anything's).</summary>
    public const int DefaultShorterSide = 518;

    /// <summary>Sides are multiples of this, px: the patch of the vision transformers in use.</summary>
    public const int Patch = 14;

    /// <summary>Metadata keys: three numbers each, for colours in 0..1, red first.</summary>
    public const string MeanKey = "metricdepth.mean", DeviationKey = "metricdepth.std";

    private const long MaxPixels = 1 << 24; // the network's own memory is hundreds of times its input's

    private readonly string name;
    private readonly bool channelsLast;
    private readonly float[][] levels; // per channel, what each byte becomes
    private readonly float[] values;

    private ImageInput(string name, bool channelsLast, int width, int height, float[][] levels)
    {
        (this.name, this.channelsLast, Width, Height, this.levels) = (name, channelsLast, width, height, levels);
        values = new float[3 * width * height];
    }

    /// <summary>Width of the picture that goes in, px.</summary>
    public int Width { get; }

    /// <summary>Height of the picture that goes in, px.</summary>
    public int Height { get; }

    /// <summary>Reads off a network what it takes, for pictures of a given shape.</summary>
    /// <exception cref="MetricDepthException"><c>ModelInputUnsupported</c>, <c>ModelInputSizeFixed</c>, <c>ModelMetadataInvalid</c>.</exception>
    public static ImageInput For(OnnxModel model, int clipWidth, int clipHeight, int? shorterSide)
    {
        if (model.Inputs is not [{ IsFloat32: true, Shape: [var batch, _, _, _] shape } input] || batch is not (1 or -1))
            throw Unsupported(model);
        bool channelsLast = shape[1] != 3 && shape[3] == 3;
        if (!channelsLast && shape[1] is not (3 or -1)) throw Unsupported(model);
        long fixedHeight = channelsLast ? shape[1] : shape[2], fixedWidth = channelsLast ? shape[2] : shape[3];
        if (fixedHeight > Plane<uint>.MaxSide || fixedWidth > Plane<uint>.MaxSide || fixedHeight == 0 || fixedWidth == 0) throw Unsupported(model);
        if (shorterSide is { } wanted && fixedHeight > 0 && fixedWidth > 0 && Math.Min(fixedHeight, fixedWidth) != wanted)
            throw new MetricDepthException("ModelInputSizeFixed", FailureKind.InvalidArgument,
                $"'{model.Path}' takes only {fixedWidth}×{fixedHeight} pixels. Leave out -InputSize.");

        var (width, height) = Fit(clipWidth, clipHeight, shorterSide ?? DefaultShorterSide);
        if (fixedWidth > 0) width = (int)fixedWidth;
        if (fixedHeight > 0) height = (int)fixedHeight;
        if ((long)width * height > MaxPixels)
            throw new MetricDepthException("ModelInputTooLarge", FailureKind.InvalidArgument,
                $"The model would get pictures of {width}×{height} pixels. Give a smaller -InputSize.");
        float[] mean = Triple(model, MeanKey, [0.485f, 0.456f, 0.406f]), deviation = Triple(model, DeviationKey, [0.229f, 0.224f, 0.225f]);
        if (deviation.Any(d => d <= 0)) throw Malformed(model, DeviationKey);
        var levels = Enumerable.Range(0, 3)
            .Select(c => Enumerable.Range(0, 256).Select(level => (level / 255f - mean[c]) / deviation[c]).ToArray())
            .ToArray();
        return new(input.Name, channelsLast, width, height, levels);
    }

    /// <summary>
    /// The size of a picture for a network that takes any: its shorter side becomes <paramref name="shorterSide"/>, both become
    /// multiples of the patch (Depth Anything's rule: rounded, but up where the shorter side would fall below).
    /// </summary>
    public static (int Width, int Height) Fit(int width, int height, int shorterSide)
    {
        double scale = (double)shorterSide / Math.Min(width, height);
        return (Side(width), Side(height));

        int Side(int side)
        {
            int rounded = Patch * (int)Math.Round(scale * side / Patch, MidpointRounding.ToEven);
            return rounded >= shorterSide ? rounded : Patch * (int)Math.Ceiling(scale * side / Patch - 1e-9);
        }
    }

    /// <summary>The tensor of a picture; its memory is used again by the next call.</summary>
    /// <param name="picture">BGR0, of this input's size.</param>
    public OnnxTensor Fill(Plane<uint> picture)
    {
        var pixels = picture.Span;
        float[] red = levels[0], green = levels[1], blue = levels[2];
        if (channelsLast)
        {
            for (int i = 0, o = 0; i < pixels.Length; i++, o += 3)
            {
                uint p = pixels[i];
                values[o] = red[(byte)(p >> 16)];
                values[o + 1] = green[(byte)(p >> 8)];
                values[o + 2] = blue[(byte)p];
            }
            return new(name, values, [1, Height, Width, 3]);
        }
        int n = pixels.Length;
        Span<float> r = values.AsSpan(0, n), g = values.AsSpan(n, n), b = values.AsSpan(2 * n, n);
        for (int i = 0; i < n; i++)
        {
            uint p = pixels[i];
            r[i] = red[(byte)(p >> 16)];
            g[i] = green[(byte)(p >> 8)];
            b[i] = blue[(byte)p];
        }
        return new(name, values, [1, 3, Height, Width]);
    }

    private static float[] Triple(OnnxModel model, string key, float[] usual)
    {
        if (!model.Metadata.TryGetValue(key, out string? text)) return usual;
        string[] parts = text.Trim().Trim('[', ']').Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new float[3];
        if (parts.Length != 3) throw Malformed(model, key);
        for (int i = 0; i < 3; i++)
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                throw Malformed(model, key);
        return numbers;
    }

    private static MetricDepthException Malformed(OnnxModel model, string key) => new("ModelMetadataInvalid", FailureKind.InvalidData,
        $"'{model.Path}' has {key}={model.Metadata[key]} in its metadata. It has to be three numbers, separated by commas.");

    private static MetricDepthException Unsupported(OnnxModel model) => new("ModelInputUnsupported", FailureKind.InvalidData,
        $"'{model.Path}' takes {string.Join(" and ", model.Inputs)}. Use a model that takes one RGB picture as float32, [1, 3, H, W] or [1, H, W, 3].");
}
