using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Inference;

/// <summary>How a network is run.</summary>
public sealed record OnnxModelOptions
{
    /// <summary>Threads for one run, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What runs it.</summary>
    public InferenceDevice Device { get; init; }

    /// <summary>What it calculates with, where it is made here; an ONNX file has its own.</summary>
    public InferencePrecision Precision { get; init; }

    /// <summary>The device memory it may take, bytes; null for all there is.</summary>
    public long? MemoryLimit { get; init; }
}

/// <summary>A neural network in an ONNX file, run on the CPU by ONNX Runtime. Not for use by several threads at once.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession session;

    private OnnxModel(string path, InferenceSession session)
    {
        Path = path;
        this.session = session;
        Inputs = [.. session.InputNames.Select(name => Describe(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => Describe(name, session.OutputMetadata[name]))];
        Metadata = session.ModelMetadata.CustomMetadataMap;
    }

    /// <summary>Loads a network.</summary>
    /// <exception cref="MetricDepthException">
    /// <c>ModelNotFound</c>; <c>ModelInvalid</c>: not a network that ONNX Runtime can run; <c>OnnxRuntimeMissing</c>.
    /// </exception>
    public static OnnxModel Open(string path, OnnxModelOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        string full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new MetricDepthException("ModelNotFound", FailureKind.NotFound, $"There is no model '{path}'. Give the path of an ONNX file.");
        OnnxRuntimeLibrary.Register();
        try
        {
            using var settings = new SessionOptions
            {
                IntraOpNumThreads = options.Threads,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // what matters comes as an exception
            };
            return new(full, new InferenceSession(full, settings));
        }
        catch (OnnxRuntimeException e)
        {
            throw new MetricDepthException("ModelInvalid", FailureKind.InvalidData,
                $"'{path}' is not an ONNX model that can be run ({FirstLine(e)}). Download or export it again.", e);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            || e is TypeInitializationException { InnerException: DllNotFoundException or BadImageFormatException or EntryPointNotFoundException })
        {
            throw new MetricDepthException("OnnxRuntimeMissing", FailureKind.MissingDependency,
                "The native library of ONNX Runtime is not there for this platform, so models cannot be run. "
                + "Build again with 'dotnet run build.cs -- build', or leave out -ModelPath to use the built-in motion stereo.", e);
        }
    }

    /// <summary>Loads a network that was made here.</summary>
    /// <exception cref="MetricDepthException"><c>ModelInvalid</c>; <c>OnnxRuntimeMissing</c>.</exception>
    public static OnnxModel Open(NetworkGraph graph, OnnxModelOptions? options = null)
    {
        options ??= new();
        OnnxRuntimeLibrary.Register();
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (graph.WeightsFolder is { } folder) settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
        return new(graph.Name, new InferenceSession(graph.Model.ToArray(), settings));
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What goes in, in the network's order.</summary>
    public IReadOnlyList<OnnxTensorInfo> Inputs { get; }

    /// <summary>What comes out, in the network's order.</summary>
    public IReadOnlyList<OnnxTensorInfo> Outputs { get; }

    /// <summary>The file's own key-value notes (<c>metadata_props</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Runs the network once.</summary>
    /// <param name="inputs">One tensor for each input; their memory is read in place.</param>
    /// <param name="outputName">The output wanted.</param>
    /// <param name="cancellation">Stops the run between two layers.</param>
    /// <returns>A copy of the output.</returns>
    /// <exception cref="MetricDepthException"><c>ModelFailed</c>: the network does not take these sizes, or fails otherwise.</exception>
    public OnnxTensor Run(IReadOnlyList<OnnxTensor> inputs, string outputName, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                values.Add(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.Values, [.. input.Shape]));
            using var run = new RunOptions();
            using var stop = cancellation.Register(() => run.Terminate = true);
            using var results = session.Run(run, [.. inputs.Select(input => input.Name)], values, [outputName]);
            return new(outputName, results[0].GetTensorDataAsSpan<float>().ToArray(), results[0].GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new MetricDepthException("ModelFailed", FailureKind.ExternalTool,
                $"The model '{Path}' failed ({FirstLine(e)}). Try another -InputSize, or another model.", e);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    /// <summary>Frees the network's memory.</summary>
    public void Dispose() => session.Dispose();

    private static OnnxTensorInfo Describe(string name, NodeMetadata metadata) => metadata.IsTensor
        ? new(name, metadata.ElementType == typeof(float), [.. metadata.Dimensions.Select(size => (long)size)])
        : new(name, false, []);

    private static string FirstLine(Exception e)
    {
        string line = e.Message.ReplaceLineEndings("\n").Split('\n')[0].Trim();
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}
