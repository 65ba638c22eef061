using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Inference;

/// <summary>
/// A network with the memory that it reads and writes: bound once, run as often as wanted without allocating. Sizes that the network
/// leaves open are given here. Not for use by several threads at once.
/// </summary>
public sealed class OnnxBinding : IDisposable
{
    private readonly OnnxModel model;
    private readonly OrtIoBinding binding;
    private readonly RunOptions run = new();
    private readonly List<TensorBuffer> own = [];

    internal OnnxBinding(OnnxModel model)
    {
        this.model = model;
        binding = model.Session.CreateIoBinding();
    }

    /// <summary>Gives an input memory of its own.</summary>
    /// <param name="name">The input.</param>
    /// <param name="shape">Its sizes.</param>
    /// <returns>What to fill before each run.</returns>
    public TensorView Input(string name, params ReadOnlySpan<long> shape)
    {
        var view = Own(shape);
        BindInput(name, view);
        return view;
    }

    /// <summary>Gives an output memory of its own.</summary>
    /// <param name="name">The output.</param>
    /// <param name="shape">Its sizes.</param>
    /// <returns>What each run fills.</returns>
    public TensorView Output(string name, params ReadOnlySpan<long> shape)
    {
        var view = Own(shape);
        BindOutput(name, view);
        return view;
    }

    /// <summary>Makes following runs read an input from here.</summary>
    public void BindInput(string name, TensorView view)
    {
        Check(name, view, model.Inputs);
        Call(() => binding.BindInput(name, view.Value));
    }

    /// <summary>Makes following runs write an output to here.</summary>
    public void BindOutput(string name, TensorView view)
    {
        Check(name, view, model.Outputs);
        Call(() => binding.BindOutput(name, view.Value));
    }

    /// <summary>Runs the network once.</summary>
    /// <param name="cancellation">Stops the run between two layers.</param>
    /// <exception cref="MetricDepthException"><c>ModelFailed</c>: the network does not take these sizes, or fails otherwise;
    /// <c>OutOfMemory</c>.</exception>
    public void Run(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using (cancellation.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, run))
                model.Session.RunWithBinding(run, binding);
        }
        catch (Exception e) when (e is OnnxRuntimeException or OutOfMemoryException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw OnnxFailure.Running(model.Path, e);
        }
        finally
        {
            run.Terminate = false;
        }
    }

    /// <summary>
    /// Gets a GPU ready, so that the first frame is not slower than the others: one run on whatever the inputs hold loads the kernels, chooses
    /// convolution algorithms and sizes the memory arena. On the CPU, where a first run gains nothing, it does nothing.
    /// </summary>
    public void WarmUp(CancellationToken cancellation)
    {
        if (model.Device != InferenceDevice.Cpu) Run(cancellation);
    }

    /// <summary>Frees what it has taken; buffers given to it stay.</summary>
    public void Dispose()
    {
        binding.Dispose();
        run.Dispose();
        foreach (var buffer in own) buffer.Dispose();
    }

    private TensorView Own(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape) count = checked(count * size);
        var buffer = new TensorBuffer(count);
        own.Add(buffer);
        return buffer.View(0, shape);
    }

    private void Check(string name, TensorView view, IReadOnlyList<OnnxTensorInfo> known)
    {
        var info = known.FirstOrDefault(i => i.Name == name) ?? throw new ArgumentException($"'{model.Path}' has no '{name}'.", nameof(name));
        bool fits = info.IsFloat32 && (info.Shape.Count == 0 || info.Shape.Count == view.Shape.Count);
        for (int i = 0; fits && i < info.Shape.Count; i++) fits = info.Shape[i] < 0 || info.Shape[i] == view.Shape[i];
        if (!fits)
            throw new MetricDepthException("ModelFailed", FailureKind.ExternalTool,
                $"The model '{model.Path}' has {info}, which is not float32 [{string.Join(", ", view.Shape)}]. Try another -InputSize, or another model.");
    }

    private void Call(Action bind)
    {
        try
        {
            bind();
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxFailure.Running(model.Path, e);
        }
    }
}
