using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Inference;

/// <summary>
/// Loads ONNX Runtime's native library: one that came with a downloaded GPU runtime if it is of the right version, otherwise the one beside
/// the managed assembly, and never one that only the system has.
/// </summary>
/// <remarks>Windows carries an older onnxruntime.dll of its own, which a search by name alone can find first.</remarks>
internal static partial class OnnxRuntimeLibrary
{
    private const string TelemetrySwitch = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> Registration = new(() =>
    {
        KeepUseToOurselves();
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

    private static readonly Lazy<OrtEnv> Shared = new(() =>
    {
        Register();
        if (OrtEnv.IsCreated) return OrtEnv.Instance();
        var options = new EnvironmentCreationOptions
        {
            logId = "MetricDepth",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // it writes to the console; what matters comes as an exception
        };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    });

    /// <summary>The version that the managed API was built with.</summary>
    public static string Version { get; } = typeof(OnnxRuntimeLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "OnnxRuntimeVersion").Value!;

    /// <summary>Where the library that is in use lies; null before it is loaded, and where a host brought another.</summary>
    public static string? Folder { get; private set; }

    /// <summary>Why a downloaded GPU runtime was left alone; null if it was not.</summary>
    public static string? Mismatch { get; private set; }

    /// <summary>ONNX Runtime's one environment.</summary>
    public static OrtEnv Environment => Shared.Value;

    /// <summary>Settings for a session, to be filled in: whoever opens one begins here, because the library must not be looked for before.</summary>
    public static SessionOptions NewSessionOptions()
    {
        Register();
        return new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL }; // what matters comes as an exception
    }

    /// <summary>To be called before anything of ONNX Runtime is used.</summary>
    public static void Register() => _ = Registration.Value;

    /// <summary>Where the library lies that came with the build; null if it did not come.</summary>
    public static string? BuiltInFolder => BesideAssembly.FirstOrDefault(folder => File.Exists(Path.Combine(folder, FileName("onnxruntime"))));

    /// <summary>A native library's file name on this system.</summary>
    public static string FileName(string name) => OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    /// <summary>The portable runtime identifier; .NET's own may name a distribution.</summary>
    public static string Platform =>
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Some builds tell their maker of every use and leave logs in the temporary folder, unless they are told not to before they are loaded.</summary>
    private static void KeepUseToOurselves()
    {
        if (System.Environment.GetEnvironmentVariable(TelemetrySwitch) is not null) return;
        System.Environment.SetEnvironmentVariable(TelemetrySwitch, "1");
        // .NET's environment is a copy there, which native code does not see
        if (!OperatingSystem.IsWindows()) _ = SetNativeEnvironmentVariable(TelemetrySwitch, "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeEnvironmentVariable(string name, string value, int overwrite);

    private static IEnumerable<string> BesideAssembly
    {
        get
        {
            string folder = Path.GetDirectoryName(typeof(SessionOptions).Assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory;
            return [Path.Combine(folder, "runtimes", Platform, "native"), folder];
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        string file = FileName(name);
        if (CudaRuntime.MainLibrary is { } downloaded && Path.GetFileName(downloaded) == file && NativeLibrary.TryLoad(downloaded, out nint gpu))
        {
            // one that does not fit must not take the CPU's place
            string? version = VersionOf(gpu);
            if (SameVersion(version, Version))
            {
                Folder = Path.GetDirectoryName(downloaded);
                return gpu;
            }
            NativeLibrary.Free(gpu);
            Mismatch = $"the CUDA runtime in '{Path.GetDirectoryName(downloaded)}' is of {(version is null ? "an unknown version" : $"ONNX Runtime {version}")} and does not fit {Version}";
        }
        foreach (string folder in BesideAssembly)
            if (Path.Combine(folder, file) is var candidate && File.Exists(candidate) && NativeLibrary.TryLoad(candidate, out nint handle))
            {
                Folder ??= folder;
                return handle;
            }
        return 0; // let .NET search, which also makes its error message
    }

    /// <summary>Major and minor number: patches keep the interface between the library and its providers.</summary>
    internal static bool SameVersion(string? one, string other) =>
        System.Version.TryParse(one, out var a) && System.Version.TryParse(other, out var b) && a.Major == b.Major && a.Minor == b.Minor;

    /// <summary>What a loaded library says of itself (<c>OrtGetApiBase()->GetVersionString()</c>); null if it is no ONNX Runtime.</summary>
    private static unsafe string? VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getApiBase)) return null;
        nint* api = ((delegate* unmanaged<nint*>)getApiBase)();
        return api is null ? null : Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)api[1])());
    }
}
