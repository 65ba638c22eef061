using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.DepthAnything;

/// <summary>Depth-Anything-V2 from its makers' checkpoint, metric or relative: the network is made here for the size of the clip's pictures.</summary>
internal sealed class DepthAnythingImageNetwork : IImageNetwork
{
    private const long MostPixels = 1 << 24; // the network's own memory is hundreds of times its input's

    private readonly ModelInfo info;
    private readonly string path;
    private readonly OnnxModelOptions inference;
    private readonly Checkpoint checkpoint;
    private readonly DepthAnythingNetwork network;
    private PictureInput? pictures;
    private AlignedResize? resize;
    private OnnxModel? model;
    private OnnxBinding? binding;
    private TensorView? input, output;

    /// <summary>Opens a checkpoint and checks that it is a whole one.</summary>
    /// <exception cref="MetricDepthException">It is not, or the device asked for cannot be had.</exception>
    public DepthAnythingImageNetwork(InstalledModel installed, OnnxModelOptions inference)
    {
        (info, path, this.inference) = (installed.Info, installed.Path, inference);
        Device = InferenceDevices.Resolve(inference);
        checkpoint = Checkpoint.Open(path);
        try
        {
            network = DepthAnythingNetwork.Read(checkpoint, info.Heads);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name => info.Name;

    /// <inheritdoc/>
    public DeviceChoice Device { get; }

    /// <inheritdoc/>
    public OutputMeaning Meaning => info.Output;

    /// <inheritdoc/>
    public bool IsMetric => info.IsMetric;

    /// <inheritdoc/>
    public string Because => IsMetric ? $"it is a metric Depth-Anything-V2, up to {info.MaxDepth} m" : "it is a relative Depth-Anything-V2";

    /// <inheritdoc/>
    public (int Width, int Height) FrameSize { get; private set; }

    /// <inheritdoc/>
    public (int Width, int Height) InputSize => (pictures!.Width, pictures.Height);

    /// <inheritdoc/>
    public int InputLength => pictures!.Length;

    /// <inheritdoc/>
    public void Prepare(EstimationJob job)
    {
        FrameSize = (job.Width, job.Height);
        var (width, height) = PictureSize.ForImage(job.Width, job.Height, job.Options.InputSize ?? PictureSize.DefaultShorterSide);
        if ((long)width * height > MostPixels)
            throw new MetricDepthException("ModelInputTooLarge", FailureKind.InvalidArgument,
                $"{Name} would get pictures of {width}×{height} pixels. Give a smaller -InputSize.");
        pictures = new(job.Width, job.Height, width, height);
        resize = new(width, height, job.Width, job.Height);
        Close();
        var graph = network.Graph(width, height, IsMetric ? info.MaxDepth : null, Device.Precision, frames: 1, GraphTargets.For(Device.Device));
        model = OnnxModel.Open(graph.InMemory(), inference with { Device = Device.Device, Precision = Device.Precision });
        binding = model.Bind();
        input = binding.Input(DepthAnythingNetwork.PictureInput, 1, 3, height, width);
        output = binding.Output(DepthAnythingNetwork.DepthOutput, 1, height, width);
    }

    /// <inheritdoc/>
    public void Fill(Plane<uint> frame, Span<float> values) => pictures!.Fill(frame, values);

    /// <inheritdoc/>
    public void Infer(Memory<float> values, NetworkMap map, CancellationToken cancellation)
    {
        values.Span.CopyTo(input!.Values.Span);
        binding!.Run(cancellation);
        output!.Values.Span.CopyTo(map.Allocate(pictures!.Width, pictures.Height));
    }

    /// <inheritdoc/>
    public void Resize<TLaw>(NetworkMap map, Plane<float> depth, TLaw law) where TLaw : struct, IDepthLaw
    {
        resize!.Run(map.Values, depth.Span);
        foreach (ref float value in depth.Span) value = law.Metres(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        checkpoint.Dispose();
    }

    private void Close()
    {
        binding?.Dispose();
        model?.Dispose();
        (binding, model) = (null, null);
    }
}
