using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>A network in an ONNX file of whatever origin: one RGB picture in, depth or inverse depth out.</summary>
/// <remarks>
/// <para>In: float32 <c>[1, 3, H, W]</c> or <c>[1, H, W, 3]</c>, H and W fixed or free (then the shorter side is 518 px or
/// <c>InputSize</c>, both sides multiples of 14), colours as <see cref="ColorNormalization"/> says: the user's, else the metadata's
/// (<c>metricdepth.mean</c>, <c>metricdepth.std</c>), else ImageNet's.</para>
/// <para>Out: float32 <c>[1, H, W]</c> or <c>[1, 1, H, W]</c>. What it means: see <see cref="DepthOutput"/>.</para>
/// </remarks>
internal sealed class OnnxImageNetwork : IImageNetwork
{
    private readonly OnnxModel model;
    private readonly OnnxTensorInfo output;
    private readonly ColorNormalization? normalization;
    private ImageInput? input;

    /// <summary>Takes over a network.</summary>
    /// <param name="model">The network; it is disposed of with this.</param>
    /// <param name="installed">What was said of it when it was installed; null for a file that was not.</param>
    /// <param name="options">What the user says of it.</param>
    /// <exception cref="MetricDepthException">Its output is not one depth map, or its metadata are malformed.</exception>
    public OnnxImageNetwork(OnnxModel model, ModelInfo? installed, DepthEstimationOptions options)
    {
        this.model = model;
        Name = installed?.Name ?? "Onnx:" + Path.GetFileNameWithoutExtension(model.Path);
        try
        {
            normalization = options.Normalization;
            output = DepthOutput.Choose(model);
            (Meaning, IsMetric, Because) = installed is not null && options.OutputMeaning is null
                ? (installed.Output, installed.IsMetric, "so it was said when it was installed")
                : DepthOutput.Interpret(model, output, options.OutputMeaning);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceChoice Device => model.Choice;

    /// <inheritdoc/>
    public OutputMeaning Meaning { get; }

    /// <inheritdoc/>
    public bool IsMetric { get; }

    /// <inheritdoc/>
    public string Because { get; }

    /// <summary>ffmpeg makes the pictures that the network sees: averaging where they shrink, as most networks were trained.</summary>
    public (int Width, int Height) FrameSize => InputSize;

    /// <inheritdoc/>
    public (int Width, int Height) InputSize => (input!.Width, input.Height);

    /// <inheritdoc/>
    public int InputLength => 3 * input!.Width * input.Height;

    /// <inheritdoc/>
    public void Prepare(EstimationJob job) =>
        input = ImageInput.For(model, job.Clip.Width, job.Clip.Height, job.Options.InputSize, normalization);

    /// <inheritdoc/>
    public void Fill(Plane<uint> frame, Span<float> values) => input!.Fill(frame, values);

    /// <inheritdoc/>
    public void Infer(Memory<float> values, NetworkMap map, CancellationToken cancellation)
    {
        var raw = model.Run([input!.Tensor(values)], output.Name, cancellation);
        var (width, height) = DepthMap.Size(raw);
        raw.Values.Span.CopyTo(map.Allocate(width, height));
    }

    /// <inheritdoc/>
    public void Resize<TLaw>(NetworkMap map, Plane<float> depth, TLaw law) where TLaw : struct, IDepthLaw => DepthMap.Resize(map, depth, law);

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
