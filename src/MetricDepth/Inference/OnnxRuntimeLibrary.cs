using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Inference;

/// <summary>Loads ONNX Runtime's native library from beside its managed assembly, and never one that only the system has.</summary>
/// <remarks>Windows carries an older onnxruntime.dll of its own, which a search by name alone can find first.</remarks>
internal static class OnnxRuntimeLibrary
{
    private static readonly Lazy<bool> Registration = new(() =>
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(SessionOptions).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // a host that loads this assembly too has said already where the library is
        }
        return true;
    });

    /// <summary>To be called before anything of ONNX Runtime is used.</summary>
    public static void Register() => _ = Registration.Value;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        string folder = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory;
        string file = OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
        foreach (string candidate in (ReadOnlySpan<string>)[Path.Combine(folder, "runtimes", Platform, "native", file), Path.Combine(folder, file)])
            if (File.Exists(candidate) && NativeLibrary.TryLoad(candidate, out nint handle)) return handle;
        return 0; // let .NET search, which also makes its error message
    }

    /// <summary>The portable runtime identifier; .NET's own may name a distribution.</summary>
    private static string Platform =>
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
