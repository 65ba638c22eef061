using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Inference;

/// <summary>ONNX Runtime's exceptions as failures that a user can act on.</summary>
internal static class OnnxFailure
{
    /// <summary>What allocators say when there is nothing left: ONNX Runtime's arena, C++, CUDA, DirectX.</summary>
    private static readonly string[] MemorySigns =
        ["Failed to allocate memory", "bad allocation", "bad_alloc", "out of memory", "OUT_OF_MEMORY", "OUTOFMEMORY", "Available memory of", "ALLOC_FAILED"];

    /// <summary>Calls ONNX Runtime; that its native library is missing becomes <c>OnnxRuntimeMissing</c>.</summary>
    public static T Guard<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (IsLibraryMissing(e) || e is TypeInitializationException { InnerException: { } cause } && IsLibraryMissing(cause))
        {
            throw new MetricDepthException("OnnxRuntimeMissing", FailureKind.MissingDependency,
                "The native library of ONNX Runtime is not there for this platform, so models cannot be run. "
                + "Build again with 'dotnet run build.cs -- build', or use -Model MotionStereo, which needs none.", e);
        }
    }

    /// <summary>What went wrong when a network was loaded.</summary>
    /// <param name="name">The network's file or name.</param>
    /// <param name="e">What ONNX Runtime or the allocator said.</param>
    /// <param name="ownGraph">Whether the network was made here, so that downloading it again would not help.</param>
    public static MetricDepthException Loading(string name, Exception e, bool ownGraph) => IsMemory(e) ? Memory(name, e)
        : ownGraph ? new("ModelInvalid", FailureKind.InvalidData,
            $"The network '{name}' cannot be run ({Reason(e)}). Install the model again with Install-DepthModel -Force; if that does not help, the checkpoint is not of the network it is said to be.", e)
        : new("ModelInvalid", FailureKind.InvalidData,
            $"'{name}' is not an ONNX model that can be run ({Reason(e)}). Download or export it again.", e);

    /// <summary>What went wrong in a run.</summary>
    public static MetricDepthException Running(string name, Exception e) => IsMemory(e) ? Memory(name, e)
        : new("ModelFailed", FailureKind.ExternalTool, $"The model '{name}' failed ({Reason(e)}). Try another -InputSize, or another model.", e);

    /// <summary>There was not enough memory for buffers of so many bytes.</summary>
    public static MetricDepthException Memory(string name, Exception e) =>
        new("OutOfMemory", FailureKind.ExternalTool,
            $"There is not enough memory for '{name}' ({Reason(e)}). Give a smaller -InputSize, take a smaller model, or close other programs.", e);

    /// <summary>An exception's first line, without what ONNX Runtime puts before it and without a full stop.</summary>
    public static string Reason(Exception e)
    {
        string line = e.Message.ReplaceLineEndings("\n").Split('\n')[0].Trim();
        if (line.StartsWith("[ErrorCode:", StringComparison.Ordinal) && line.IndexOf(']', StringComparison.Ordinal) is > 0 and var end) line = line[(end + 1)..].Trim();
        line = line.TrimEnd('.');
        return line.Length <= 240 ? line : line[..240] + "…";
    }

    private static bool IsMemory(Exception e) =>
        e is OutOfMemoryException || e is OnnxRuntimeException && MemorySigns.Any(sign => e.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private static bool IsLibraryMissing(Exception e) => e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException;
}
