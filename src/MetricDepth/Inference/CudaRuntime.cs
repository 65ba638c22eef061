namespace MetricDepth.Inference;

/// <summary>The CUDA provider of ONNX Runtime: an optional download, kept in the store.</summary>
public static class CudaRuntime
{
    /// <summary>The CUDA that the provider was built for, its major version.</summary>
    public const int CudaVersion = 13;

    /// <summary>The downloaded main library that has CUDA built in; null if there is none.</summary>
    internal static string? MainLibrary => null;

    /// <summary>The provider's library, in the store or beside ONNX Runtime's own; null if there is none.</summary>
    internal static string? FindProvider()
    {
        string file = OnnxRuntimeLibrary.FileName("onnxruntime_providers_cuda");
        return new[] { OnnxRuntimeLibrary.Folder, OnnxRuntimeLibrary.BuiltInFolder }
            .OfType<string>().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
