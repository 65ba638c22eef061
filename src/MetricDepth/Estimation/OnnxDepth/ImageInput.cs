using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Imaging;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>How a network takes its picture: size, order of the axes, and the mean and deviation that are taken out of the colours.</summary>
internal sealed class ImageInput
{
    /// <summary>Metadata keys: three numbers each, for colours in 0..1, red first.</summary>
    public const string MeanKey = "metricdepth.mean", DeviationKey = "metricdepth.std";

    private const long MaxPixels = 1 << 24; // the network's own memory is hundreds of times its input's

    private readonly string name;
    private readonly bool channelsLast;
    private readonly float[][] levels; // per channel, what each byte becomes

    private ImageInput(string name, bool channelsLast, int width, int height, float[][] levels) =>
        (this.name, this.channelsLast, Width, Height, this.levels) = (name, channelsLast, width, height, levels);

    /// <summary>Width of the picture that goes in, px.</summary>
    public int Width { get; }

    /// <summary>Height of the picture that goes in, px.</summary>
    public int Height { get; }

    /// <summary>Reads off a network what it takes, for pictures of a given shape.</summary>
    /// <exception cref="MetricDepthException"><c>ModelInputUnsupported</c>, <c>ModelInputSizeFixed</c>, <c>ModelMetadataInvalid</c>.</exception>
    public static ImageInput For(OnnxModel model, int clipWidth, int clipHeight, int? shorterSide, ColorNormalization? normalization = null)
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

        var (width, height) = PictureSize.ForImage(clipWidth, clipHeight, shorterSide ?? PictureSize.DefaultShorterSide);
        if (fixedWidth > 0) width = (int)fixedWidth;
        if (fixedHeight > 0) height = (int)fixedHeight;
        if ((long)width * height > MaxPixels)
            throw new MetricDepthException("ModelInputTooLarge", FailureKind.InvalidArgument,
                $"The model would get pictures of {width}×{height} pixels. Give a smaller -InputSize.");
        var (mean, deviation) = normalization ?? FromMetadata(model);
        var levels = Enumerable.Range(0, 3)
            .Select(c => Enumerable.Range(0, 256).Select(level => (level / 255f - mean[c]) / deviation[c]).ToArray())
            .ToArray();
        return new(input.Name, channelsLast, width, height, levels);
    }

    /// <summary>Makes the input of a picture.</summary>
    /// <param name="picture">BGR0, of this input's size.</param>
    /// <param name="values">Receives 3 × <see cref="Width"/> × <see cref="Height"/> numbers.</param>
    public void Fill(Plane<uint> picture, Span<float> values)
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
            return;
        }
        int n = pixels.Length;
        Span<float> r = values[..n], g = values[n..(2 * n)], b = values[(2 * n)..];
        for (int i = 0; i < n; i++)
        {
            uint p = pixels[i];
            r[i] = red[(byte)(p >> 16)];
            g[i] = green[(byte)(p >> 8)];
            b[i] = blue[(byte)p];
        }
    }

    /// <summary>Such numbers as the network's input.</summary>
    public OnnxTensor Tensor(Memory<float> values) => new(name, values, channelsLast ? [1, Height, Width, 3] : [1, 3, Height, Width]);

    private static ColorNormalization FromMetadata(OnnxModel model)
    {
        var usual = ColorNormalization.ImageNet;
        var deviation = Triple(model, DeviationKey) ?? usual.Deviation;
        return deviation.All(d => d > 0) ? new(Triple(model, MeanKey) ?? usual.Mean, deviation) : throw Malformed(model, DeviationKey);
    }

    private static float[]? Triple(OnnxModel model, string key) =>
        !model.Metadata.TryGetValue(key, out string? text) ? null
        : ColorNormalization.Numbers(text.Trim().Trim('[', ']')) is [_, _, _] numbers ? numbers : throw Malformed(model, key);

    private static MetricDepthException Malformed(OnnxModel model, string key) => new("ModelMetadataInvalid", FailureKind.InvalidData,
        $"'{model.Path}' has {key}={model.Metadata[key]} in its metadata. It has to be three numbers, separated by commas.");

    private static MetricDepthException Unsupported(OnnxModel model) => new("ModelInputUnsupported", FailureKind.InvalidData,
        $"'{model.Path}' takes {string.Join(" and ", model.Inputs)}. Use a model that takes one RGB picture as float32, [1, 3, H, W] or [1, H, W, 3].");
}
