using MetricDepth.Inference.Downloads;
using MetricDepth.Inference.Models;

namespace MetricDepth.Inference;

/// <summary>A runtime in the store that lets networks run on a device.</summary>
/// <param name="Name">The device's name, <c>Cuda</c>.</param>
/// <param name="Version">The version of ONNX Runtime that it belongs to.</param>
/// <param name="Path">The folder with its libraries.</param>
public sealed record InstalledRuntime(string Name, string Version, string Path);

/// <summary>What <c>Install-DepthModel -Runtime Cuda</c> is asked to do.</summary>
public sealed record RuntimeInstallationOptions
{
    /// <summary>The store's folder.</summary>
    public required string StoreFolder { get; init; }

    /// <summary>The archive, or a folder with the libraries, if it is at hand; null to download it.</summary>
    public string? Path { get; init; }

    /// <summary>Whether to replace what is installed.</summary>
    public bool Force { get; init; }

    /// <summary>Where it comes from.</summary>
    internal Uri Source { get; init; } = CudaRuntime.Source;
}

/// <summary>Brings ONNX Runtime's CUDA provider into the store: the official release's archive, its hash pinned when it is first fetched.</summary>
public static class RuntimeInstallation
{
    private const string Name = "Cuda", Pin = "onnxruntime-cuda";

    // four times as large as that of 1.29
    private const long LargestArchive = 2L << 30;

    /// <summary>Installs it; what is installed already is left as it is unless <see cref="RuntimeInstallationOptions.Force"/> is given.</summary>
    /// <exception cref="MetricDepthException"><c>RuntimeUnsupported</c>, <c>RuntimeHashMismatch</c>, what <see cref="FileDownload"/> and <see cref="CudaRuntime.Install"/> throw.</exception>
    public static InstalledRuntime Run(RuntimeInstallationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (CudaRuntime.Unsupported is { } reason) throw new MetricDepthException("RuntimeUnsupported", FailureKind.MissingDependency, reason);
        var installed = new InstalledRuntime(Name, CudaRuntime.Version, CudaRuntime.FolderIn(options.StoreFolder));
        try
        {
            using var held = StoreLock.Acquire(options.StoreFolder, Pin, progress, cancellation);
            if (!options.Force && CudaRuntime.IsInstalled(options.StoreFolder))
                progress?.Report(FrameProgress.Verbose($"The CUDA runtime is installed already, in '{installed.Path}'; -Force installs it again."));
            else if (options.Path is { } path) CudaRuntime.Install(path, options.StoreFolder, progress, cancellation);
            else Fetch(options, progress, cancellation);
            return installed;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new MetricDepthException("StoreNotWritable", FailureKind.Storage,
                $"The model store '{options.StoreFolder}' cannot be written: {e.Message} Allow it, or set {ModelStore.FolderVariable} to another folder.", e);
        }
    }

    private static void Fetch(RuntimeInstallationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        string downloads = Directory.CreateDirectory(System.IO.Path.Combine(options.StoreFolder, "downloads")).FullName;
        string archive = System.IO.Path.Combine(downloads, CudaRuntime.ArchiveName);
        string pin = $"{Pin}-{CudaRuntime.Version}";
        string? expected = ModelPin.Read(options.StoreFolder, pin);
        FileDownload.Run(new()
        {
            Name = "the CUDA runtime",
            Sources = [options.Source],
            Path = archive,
            MaxBytes = LargestArchive,
            IsHashKnown = expected is not null,
            ByHand = "Install-DepthModel -Runtime Cuda -Path FILE",
        }, progress, cancellation);
        try
        {
            string hash = FileHash.Compute(archive, "Checking the CUDA runtime", progress, cancellation);
            if (expected is not null && hash != expected)
                throw new MetricDepthException("RuntimeHashMismatch", FailureKind.InvalidData,
                    $"What {options.Source.Host} sent is not the file '{CudaRuntime.ArchiveName}' that was installed first: its SHA-256 is {hash}, not {expected}. If you know that it is in order, delete '{ModelPin.PathOf(options.StoreFolder, pin)}' and run the command again.");
            CudaRuntime.Install(archive, options.StoreFolder, progress, cancellation);
            ModelPin.Write(options.StoreFolder, pin, CudaRuntime.ArchiveName, hash);
        }
        catch (MetricDepthException)
        {
            File.Delete(archive);
            throw;
        }
        File.Delete(archive);
    }
}
