using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Estimation.OnnxDepth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.UniDepth;

/// <summary>UniDepthV2 (Piccinelli et al., 2025) in the ONNX file that its own exporter writes, with or without a camera to be fed.</summary>
/// <remarks>In: <c>rgbs</c> [1, 3, H, W] of a fixed size, ImageNet's normalisation, and with <c>--with-camera</c> <c>rays</c> [1, 3, H, W]. Out: <c>pts_3d</c>
/// [1, 3, H, W], of which z is the depth, and <c>intrinsics</c> [1, 3, 3] of the network's picture, pixel centres at half-integers.</remarks>
internal sealed class UniDepthNetwork : IImageNetwork
{
    private const string PictureName = "rgbs", RaysName = "rays", PointsName = "pts_3d", IntrinsicsName = "intrinsics";

    private readonly OnnxModel model;
    private readonly int width, height;
    private PictureInput? pictures;
    private UniDepthFraming framing;
    private float[]? rays;

    /// <summary>Takes over a network.</summary>
    /// <param name="model">The network; it is disposed of with this.</param>
    /// <param name="name">For the depth video's tag.</param>
    /// <exception cref="MetricDepthException"><c>ModelInputUnsupported</c>, <c>ModelOutputUnsupported</c>.</exception>
    public UniDepthNetwork(OnnxModel model, string name)
    {
        (this.model, Name) = (model, name);
        try
        {
            (width, height) = FixedSize(model);
            TakesRays = model.Inputs.Any(input => input.Name == RaysName);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is one of UniDepth's exporter.</summary>
    public static bool Is(OnnxModel model) =>
        model.Inputs.Any(input => input.Name == PictureName) && model.Outputs.Any(output => output.Name == PointsName);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceChoice Device => model.Choice;

    /// <inheritdoc/>
    public OutputMeaning Meaning => OutputMeaning.Depth;

    /// <inheritdoc/>
    public bool IsMetric => true;

    /// <inheritdoc/>
    public string Because => TakesRays ? "UniDepthV2's file has points as its output and takes the camera" : "UniDepthV2's file has points as its output";

    /// <summary>Whether the camera can be fed.</summary>
    public bool TakesRays { get; }

    /// <inheritdoc/>
    public (int Width, int Height) FrameSize => (framing.FrameWidth, framing.FrameHeight);

    /// <inheritdoc/>
    public (int Width, int Height) InputSize => (width, height);

    /// <inheritdoc/>
    public int InputLength => 3 * width * height;

    /// <inheritdoc/>
    public void Prepare(EstimationJob job)
    {
        if (job.Options.InputSize is { } wanted && wanted != Math.Min(width, height))
            throw new MetricDepthException("ModelInputSizeFixed", FailureKind.InvalidArgument,
                $"'{model.Path}' takes only {width}×{height} pixels. Leave out -InputSize, or export UniDepth anew with another --shape.");
        framing = new(job.Width, job.Height, width, height);
        pictures = new(job.Width, job.Height, ResizeTaps.Linear(job.Width, framing.Sides, width), ResizeTaps.Linear(job.Height, framing.Ends, height));
    }

    /// <summary>Says which camera took the frames, where the network takes one.</summary>
    public void SetLens(Intrinsics lens) => rays = TakesRays ? framing.Rays(lens) : null;

    /// <summary>What the network takes for the frame's focal length, frame pixels: pixels are square, so it is the mean (geometric) of both directions.</summary>
    /// <exception cref="MetricDepthException"><c>ModelOutputUnusable</c>.</exception>
    public double FocalLength(Memory<float> input, CancellationToken cancellation)
    {
        // the file's graph does not let the camera in on what it reads itself, but it has to be there
        rays ??= TakesRays ? framing.Rays(Intrinsics.FromFieldOfView(framing.FrameWidth, framing.FrameHeight, 60, null)) : null;
        var matrix = model.Run(Inputs(input), IntrinsicsName, cancellation).Values.Span;
        if (matrix.Length == 9 && matrix[0] > 0 && matrix[4] > 0 && float.IsFinite(matrix[0] * matrix[4]))
            return Math.Sqrt((double)matrix[0] * matrix[4]) * framing.Scale;
        throw new MetricDepthException("ModelOutputUnusable", FailureKind.InvalidData,
            $"The camera that '{model.Path}' gives is not one. Export UniDepth again, or give -HorizontalFov.");
    }

    /// <inheritdoc/>
    public void Fill(Plane<uint> frame, Span<float> input) => pictures!.Fill(frame, input);

    /// <inheritdoc/>
    public void Infer(Memory<float> input, NetworkMap map, CancellationToken cancellation)
    {
        var points = model.Run(Inputs(input), PointsName, cancellation);
        int plane = width * height;
        if (points.Values.Length != 3 * plane)
            throw new MetricDepthException("ModelOutputUnsupported", FailureKind.InvalidData,
                $"The output '{PointsName}' of '{model.Path}' came as [{string.Join(", ", points.Shape)}], not as [1, 3, {height}, {width}]. Export UniDepth again.");
        points.Values.Span.Slice(2 * plane, plane).CopyTo(map.Allocate(width, height));
    }

    /// <inheritdoc/>
    public void Resize<TLaw>(NetworkMap map, Plane<float> depth, TLaw law) where TLaw : struct, IDepthLaw =>
        DepthMap.Resize(map, depth, law, (framing.Sides, framing.Ends));

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private OnnxTensor[] Inputs(Memory<float> input)
    {
        var picture = new OnnxTensor(PictureName, input, [1, 3, height, width]);
        return rays is { } camera ? [picture, new(RaysName, camera, [1, 3, height, width])] : [picture];
    }

    private static (int Width, int Height) FixedSize(OnnxModel model)
    {
        var input = model.Inputs.First(i => i.Name == PictureName);
        if (input is not { IsFloat32: true, Shape: [1 or -1, 3, > 0 and <= Plane<uint>.MaxSide and var height, > 0 and <= Plane<uint>.MaxSide and var width] }
            || height * width > 1 << 24
            || model.Inputs.Any(i => i.Name != PictureName && (i.Name != RaysName || !i.IsFloat32 || !SameSize(i.Shape, height, width))))
            throw new MetricDepthException("ModelInputUnsupported", FailureKind.InvalidData,
                $"'{model.Path}' takes {string.Join(" and ", model.Inputs)}. UniDepth's exporter writes rgbs [1, 3, H, W] of a fixed size, and rays of the same size --with-camera. Export it again.");
        if (!model.Outputs.Any(o => o.Name == PointsName && o.IsFloat32) || !model.Outputs.Any(o => o.Name == IntrinsicsName && o.IsFloat32))
            throw new MetricDepthException("ModelOutputUnsupported", FailureKind.InvalidData,
                $"'{model.Path}' gives {string.Join(" and ", model.Outputs)}. UniDepth's exporter writes {PointsName}, confidence and {IntrinsicsName} as float32. Export it again.");
        return ((int)width, (int)height);
    }

    private static bool SameSize(IReadOnlyList<long> shape, long height, long width) =>
        shape is [1 or -1, 3, var h, var w] && (h, w) == (height, width);
}
