using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MetricDepth.Inference;

/// <summary>A neural network, from an ONNX file or made here, run by ONNX Runtime. Not for use by several threads at once.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly SharedArena arena;

    private OnnxModel(string path, InferenceSession session, SharedArena arena, DeviceChoice choice)
    {
        Path = path;
        Session = session;
        this.arena = arena;
        Choice = choice;
        Inputs = [.. session.InputNames.Select(name => Describe(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => Describe(name, session.OutputMetadata[name]))];
        Metadata = session.ModelMetadata.CustomMetadataMap;
    }

    /// <summary>Loads a network from a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="MetricDepthException">
    /// <c>ModelNotFound</c>; <c>ModelInvalid</c>: not a network that ONNX Runtime can run; <c>DeviceUnavailable</c>; <c>OutOfMemory</c>;
    /// <c>OnnxRuntimeMissing</c>.
    /// </exception>
    public static OnnxModel Open(string path, OnnxModelOptions? options = null)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new MetricDepthException("ModelNotFound", FailureKind.NotFound, $"There is no model '{path}'. Give the path of an ONNX file.");
        return Open(full, false, null, options ?? new(), settings => new(full, settings));
    }

    /// <summary>Loads a network that was made here.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="MetricDepthException">As the other, without <c>ModelNotFound</c>.</exception>
    public static OnnxModel Open(NetworkGraph graph, OnnxModelOptions? options = null) =>
        Open(graph.Name, true, graph.WeightsFolder, options ?? new(), settings => new(graph.Model.ToArray(), settings));

    /// <summary>Full path of the file, or the name of a network that was made here.</summary>
    public string Path { get; }

    /// <summary>What runs it, and why; to be reported where there is a user to tell.</summary>
    public DeviceChoice Choice { get; }

    /// <summary>What runs it; never <see cref="InferenceDevice.Auto"/>.</summary>
    public InferenceDevice Device => Choice.Device;

    /// <summary>What goes in, in the network's order.</summary>
    public IReadOnlyList<OnnxTensorInfo> Inputs { get; }

    /// <summary>What comes out, in the network's order.</summary>
    public IReadOnlyList<OnnxTensorInfo> Outputs { get; }

    /// <summary>The file's own key-value notes (<c>metadata_props</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    internal InferenceSession Session { get; }

    /// <summary>Begins to give the network the memory that it reads and writes; for runs that are to be many.</summary>
    public OnnxBinding Bind() => new(this);

    /// <summary>Runs the network once.</summary>
    /// <param name="inputs">One tensor for each input; their memory is read in place.</param>
    /// <param name="outputName">The output wanted.</param>
    /// <param name="cancellation">Stops the run between two layers.</param>
    /// <returns>A copy of the output.</returns>
    /// <exception cref="MetricDepthException"><c>ModelFailed</c>: the network does not take these sizes, or fails otherwise;
    /// <c>OutOfMemory</c>.</exception>
    public OnnxTensor Run(IReadOnlyList<OnnxTensor> inputs, string outputName, CancellationToken cancellation) =>
        Run(inputs, [outputName], cancellation)[0];

    /// <summary>Runs the network once.</summary>
    /// <param name="inputs">One tensor for each input; their memory is read in place.</param>
    /// <param name="outputNames">The outputs wanted.</param>
    /// <param name="cancellation">Stops the run between two layers.</param>
    /// <returns>Copies of the outputs, in the order asked for.</returns>
    /// <exception cref="MetricDepthException"><c>ModelFailed</c>, <c>OutOfMemory</c>.</exception>
    public IReadOnlyList<OnnxTensor> Run(IReadOnlyList<OnnxTensor> inputs, IReadOnlyCollection<string> outputNames, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                values.Add(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.Values, [.. input.Shape]));
            using var run = new RunOptions();
            using var stop = cancellation.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, run);
            using var results = Session.Run(run, [.. inputs.Select(input => input.Name)], values, outputNames);
            return [.. outputNames.Zip(results, (name, result) =>
                new OnnxTensor(name, result.GetTensorDataAsSpan<float>().ToArray(), result.GetTensorTypeAndShape().Shape))];
        }
        catch (Exception e) when (e is OnnxRuntimeException or OutOfMemoryException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw OnnxFailure.Running(Path, e);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    /// <summary>Frees the network's memory.</summary>
    public void Dispose()
    {
        Session.Dispose();
        arena.Dispose();
    }

    private static OnnxModel Open(string name, bool ownGraph, string? weights, OnnxModelOptions options, Func<SessionOptions, InferenceSession> open)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        var choice = InferenceDevices.Resolve(options);
        return OnnxFailure.Guard(() =>
        {
            InferenceSession? session = null;
            SharedArena? arena = null;
            try
            {
                using var settings = OnnxRuntimeLibrary.NewSessionOptions();
                settings.IntraOpNumThreads = options.Threads;
                settings.EnableMemoryPattern = choice.Device is not InferenceDevice.Cpu; // on the CPU it gains no time and holds a third more memory
                // threads that wait for one that the system has put aside for another program would spin for milliseconds, a quarter of
                // all CPU time on a busy machine; between two layers 0.2 ms are plenty
                settings.AddSessionConfigEntry("session.intra_op.spin_duration_us", "200");
                if (weights is not null) settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weights);
                ExecutionProvider.Append(settings, choice.Device, options.MemoryLimit);
                arena = SharedArena.Use(settings);
                session = open(settings);
                return new OnnxModel(name, session, arena, choice);
            }
            catch (Exception e)
            {
                session?.Dispose();
                arena?.Dispose();
                if (e is OnnxRuntimeException or OutOfMemoryException) throw OnnxFailure.Loading(name, e, ownGraph);
                throw;
            }
        });
    }

    private static OnnxTensorInfo Describe(string name, NodeMetadata metadata) => metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        ? new(name, ElementType(metadata.ElementDataType), [.. metadata.Dimensions.Select(size => (long)size)])
        : new(name, OnnxElementType.Other, []);

    private static OnnxElementType ElementType(TensorElementType type) => type switch
    {
        TensorElementType.Float => OnnxElementType.Float32,
        TensorElementType.Float16 => OnnxElementType.Float16,
        TensorElementType.BFloat16 => OnnxElementType.BFloat16,
        TensorElementType.Double => OnnxElementType.Float64,
        TensorElementType.Int64 => OnnxElementType.Int64,
        TensorElementType.Int32 => OnnxElementType.Int32,
        TensorElementType.UInt8 => OnnxElementType.UInt8,
        TensorElementType.Bool => OnnxElementType.Bool,
        _ => OnnxElementType.Other,
    };
}
