using System.Runtime.InteropServices;
using MetricDepth.Inference.Models;

namespace MetricDepth.Inference;

/// <summary>
/// ONNX Runtime's CUDA provider: an optional download that lies in the store, <c>runtime/onnxruntime-VERSION-cuda13</c>. CUDA itself,
/// cuDNN and the driver are NVIDIA's to install.
/// </summary>
public static class CudaRuntime
{
    /// <summary>The CUDA that the provider was built for, its major version.</summary>
    public static int CudaVersion { get; } = IsAtLeast(1, 24) ? 13 : 12;

    /// <summary>Why there is none for this machine; null if there is one.</summary>
    public static string? Unsupported =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null
        : "There is a CUDA provider for Linux and Windows on x64 processors only. Use -Device Auto.";

    /// <summary>The version of ONNX Runtime that it has to be of.</summary>
    public static string Version => OnnxRuntimeLibrary.Version;

    /// <summary>The official release's archive for this platform.</summary>
    public static string ArchiveName =>
        // before 1.24 the archives were for CUDA 12 and did not say so
        $"onnxruntime-{(OperatingSystem.IsWindows() ? "win" : "linux")}-x64-gpu{(CudaVersion > 12 ? $"_cuda{CudaVersion}" : "")}-{Version}{(OperatingSystem.IsWindows() ? ".zip" : ".tgz")}";

    /// <summary>Where the official release is.</summary>
    public static Uri Source => new($"https://github.com/microsoft/onnxruntime/releases/download/v{Version}/{ArchiveName}");

    /// <summary>Where it lies in a store, whether it is there or not.</summary>
    /// <param name="storeFolder">The store's folder.</param>
    public static string FolderIn(string storeFolder) => Path.Combine(storeFolder, "runtime", $"onnxruntime-{Version}-cuda{CudaVersion}");

    /// <summary>Whether it is installed in a store, completely.</summary>
    /// <param name="storeFolder">The store's folder.</param>
    public static bool IsInstalled(string storeFolder) => CudaRuntimeReceipt.Fits(FolderIn(storeFolder));

    /// <summary>Removes it from a store.</summary>
    /// <param name="storeFolder">The store's folder.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="MetricDepthException"><c>RuntimeInUse</c>: a library of it is loaded (Windows).</exception>
    public static bool Uninstall(string storeFolder)
    {
        string folder = FolderIn(storeFolder);
        if (!Directory.Exists(folder)) return false;
        try
        {
            File.Delete(Path.Combine(folder, CudaRuntimeReceipt.FileName)); // what is half removed does not count
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InUse(folder, e);
        }
    }

    /// <summary>Unpacks it into a store, from an official archive (<see cref="ArchiveName"/>), an npm package with the provider, or a folder
    /// with the libraries in it.</summary>
    /// <param name="path">A .tgz or .zip file, or a folder.</param>
    /// <param name="storeFolder">The store's folder.</param>
    /// <param name="progress">Hears of the bytes read.</param>
    /// <param name="cancellation">Leaves the store as it was.</param>
    /// <returns>The folder with the libraries.</returns>
    /// <exception cref="MetricDepthException"><c>RuntimeUnsupported</c>, <c>RuntimeArchiveInvalid</c>, <c>RuntimeVersionMismatch</c>,
    /// <c>RuntimeInUse</c>, <c>StoreNotWritable</c>.</exception>
    public static string Install(string path, string storeFolder, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (Unsupported is { } reason) throw new MetricDepthException("RuntimeUnsupported", FailureKind.MissingDependency, reason);
        string folder = FolderIn(storeFolder), partial = folder + "." + Guid.NewGuid().ToString("N")[..8] + ".partial";
        try
        {
            Directory.CreateDirectory(partial);
            CudaRuntimeArchive.Unpack(path, partial, progress, cancellation);
            CudaRuntimeReceipt.Write(partial);
            Replace(partial, folder);
            return folder;
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(storeFolder, e);
        }
        catch (IOException e)
        {
            throw NotWritable(storeFolder, e);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>The main library of a downloaded runtime, which has CUDA built in; null if there is none.</summary>
    internal static string? MainLibrary =>
        InstalledFolder is { } folder && Path.Combine(folder, OnnxRuntimeLibrary.FileName("onnxruntime")) is var file && File.Exists(file) ? file : null;

    /// <summary>The provider's library: in the store, or beside ONNX Runtime's own; null if there is none.</summary>
    internal static string? FindProvider()
    {
        string file = OnnxRuntimeLibrary.FileName(CudaRuntimeArchive.Provider);
        return new[] { InstalledFolder, OnnxRuntimeLibrary.Folder, OnnxRuntimeLibrary.BuiltInFolder }
            .OfType<string>().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static string? InstalledFolder
    {
        get
        {
            try
            {
                string store = ModelStore.DefaultFolder();
                return IsInstalled(store) ? FolderIn(store) : null;
            }
            catch (Exception e) when (e is MetricDepthException or IOException or UnauthorizedAccessException)
            {
                return null; // without a store there is no downloaded runtime; the CPU needs none
            }
        }
    }

    private static void Replace(string partial, string folder)
    {
        string? old = null;
        if (Directory.Exists(folder))
        {
            old = folder + "." + Guid.NewGuid().ToString("N")[..8] + ".old";
            try
            {
                Directory.Move(folder, old);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw InUse(folder, e);
            }
        }
        Directory.Move(partial, folder);
        try
        {
            if (old is not null) Directory.Delete(old, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a library that is loaded; it is not found under this name
        }
    }

    private static bool IsAtLeast(int major, int minor) =>
        System.Version.TryParse(OnnxRuntimeLibrary.Version, out var version) && (version.Major, version.Minor).CompareTo((major, minor)) >= 0;

    private static MetricDepthException InUse(string folder, Exception e) => new("RuntimeInUse", FailureKind.Storage,
        $"The CUDA runtime in '{folder}' cannot be replaced or removed: {e.Message} Close every shell that has used it, and try again in a new one.", e);

    private static MetricDepthException NotWritable(string storeFolder, Exception e) => new("StoreNotWritable", FailureKind.Storage,
        $"The model store '{storeFolder}' cannot be written: {e.Message} Free some space, allow it, or set {ModelStore.FolderVariable} to another folder.", e);
}
