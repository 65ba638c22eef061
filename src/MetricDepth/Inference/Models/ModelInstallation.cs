using MetricDepth.Inference.Downloads;

namespace MetricDepth.Inference.Models;

/// <summary>What <c>Install-DepthModel</c> is asked to do.</summary>
public sealed record ModelInstallationOptions
{
    /// <summary>Where to install.</summary>
    public required ModelStore Store { get; init; }

    /// <summary>What to install.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>The model's file, if it is at hand; null to download it.</summary>
    public string? Path { get; init; }

    /// <summary>Whether the user accepts the licence; needed for one that forbids commercial use.</summary>
    public bool AcceptLicense { get; init; }

    /// <summary>Whether to replace a model that is installed already.</summary>
    public bool Force { get; init; }

    /// <summary>Whether http without TLS will do for other hosts than this one.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Opens the file as the estimators will; throws what is wrong with it. Null for no check.</summary>
    public Action<ModelInfo, string, CancellationToken>? Check { get; init; }

    /// <summary>The pause before the second attempt at a download.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a server may be silent.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Brings a model into the store: fetched, its hash checked, opened once, moved into its folder, and only then declared installed.
/// </summary>
public static class ModelInstallation
{
    /// <summary>Installs a model. One that is installed already is left as it is unless <see cref="ModelInstallationOptions.Force"/> is given.</summary>
    /// <exception cref="MetricDepthException"><c>LicenseNotAccepted</c>, <c>ModelHasNoSource</c>, <c>ModelAlreadyInstalled</c>,
    /// <c>ModelHashMismatch</c>, <c>StoreNotWritable</c>, <c>FileNotFound</c>, what <see cref="FileDownload"/> throws, and what the check finds.</exception>
    public static InstalledModel Run(ModelInstallationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        Validate(options);
        try
        {
            using var held = Lock(options, progress, cancellation);
            return Install(options, progress, cancellation);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(options, e);
        }
        catch (IOException e) when (IsReadOnly(e))
        {
            throw NotWritable(options, e);
        }
    }

    /// <summary>What <see cref="Run"/> would do, for <c>-WhatIf</c>: how much, from where, under which licence.</summary>
    public static string Describe(ModelInstallationOptions options)
    {
        string facts = ModelStore.Facts(options.Model);
        if (options.Path is { } path) return $"Install the file '{path}' ({facts})";
        return options.Model.Source is { } source ? $"Download {source} ({facts})" : "Install";
    }

    /// <summary>Makes sure that a model's file is there.</summary>
    /// <param name="path">The file given to install.</param>
    /// <exception cref="MetricDepthException"><c>FileNotFound</c>.</exception>
    public static void RequireFile(string path)
    {
        if (File.Exists(path)) return;
        throw new MetricDepthException("FileNotFound", FailureKind.NotFound, Directory.Exists(path)
            ? $"'{path}' is a folder. Give the model's file with -Path."
            : $"There is no file '{path}'. Check -Path.");
    }

    private static void Validate(ModelInstallationOptions options)
    {
        var model = options.Model;
        if (options.Path is { } path) RequireFile(path);
        if (options.Path is null && model.Source is null)
            throw new MetricDepthException("ModelHasNoSource", FailureKind.InvalidArgument,
                $"'{model.Name}' cannot be downloaded. {(model.Description.Length > 0 ? model.Description : $"Give its file: Install-DepthModel {model.Name} -Path FILE.")}");
        if (model.NonCommercial && !options.AcceptLicense)
            throw new MetricDepthException("LicenseNotAccepted", FailureKind.InvalidArgument,
                $"The weights of '{model.Name}' are under {(model.License.Length > 0 ? model.License : "a licence")}, which forbids commercial use. If that suits you, run the command again with -AcceptLicense."
                + (model.Size is "Base" or "Large" ? " The Small models may be used for anything." : ""));
    }

    // whatever goes wrong before there is anything to install is about the store
    private static StoreLock Lock(ModelInstallationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return StoreLock.Acquire(options.Store.Folder, options.Model.Name, progress, cancellation);
        }
        catch (IOException e)
        {
            throw NotWritable(options, e);
        }
    }

    private static InstalledModel Install(ModelInstallationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var (store, model) = (options.Store, options.Model);
        if (!options.Force && store.TryFind(model.Name) is { } installed) return Existing(installed, options, progress, cancellation);
        string partial = store.PartialPath(model.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        string? expected = model.Sha256 ?? (model.Source is null ? null : ModelPin.Read(store.Folder, model.Name));
        if (options.Path is { } path) FileCopy.Run(model.Name, path, partial, progress, cancellation);
        else
            FileDownload.Run(new()
            {
                Name = model.Name,
                Sources = [model.Source!, .. model.Mirrors],
                Path = partial,
                Bytes = model.Bytes,
                IsHashKnown = expected is not null,
                AllowHttp = options.AllowHttp,
                ByHand = $"Install-DepthModel {model.Name} -Path FILE{(model.NonCommercial ? " -AcceptLicense" : "")}",
                RetryDelay = options.RetryDelay,
                Patience = options.Patience,
            }, progress, cancellation);
        // from here on the file is complete: what is wrong with it does not get better by resuming
        try
        {
            string hash = FileHash.Compute(partial, $"Checking {model.Name}", progress, cancellation);
            if (expected is not null && hash != expected) throw Mismatch(options, hash, expected);
            options.Check?.Invoke(model, options.Path ?? partial, cancellation);
            return Commit(options, partial, hash);
        }
        catch (MetricDepthException)
        {
            File.Delete(partial);
            throw;
        }
    }

    private static InstalledModel Existing(InstalledModel installed, ModelInstallationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (options.Path is not { } path || FileHash.Compute(path, $"Checking {options.Model.Name}", progress, cancellation) == installed.Sha256)
        {
            progress?.Report(FrameProgress.Verbose($"'{installed.Info.Name}' is installed already, in '{installed.Path}'; -Force installs it again."));
            return installed;
        }
        throw new MetricDepthException("ModelAlreadyInstalled", FailureKind.AlreadyExists,
            $"'{installed.Info.Name}' is installed already, from another file. Give -Force to replace it.");
    }

    private static InstalledModel Commit(ModelInstallationOptions options, string partial, string hash)
    {
        var (store, model) = (options.Store, options.Model);
        string folder = store.ModelFolder(model.Name);
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, ModelReceipt.FileName)); // from now on, and until the new one is written, nothing is installed
        foreach (string old in Directory.EnumerateFiles(folder)) File.Delete(old);
        string file = Path.Combine(folder, model.FileName);
        File.Move(partial, file);
        if (model.Sha256 is null && model.Source is not null) ModelPin.Write(store.Folder, model.Name, model.FileName, hash);
        var installed = new InstalledModel(model with { Bytes = new FileInfo(file).Length }, file, hash, DateTimeOffset.UtcNow);
        ModelReceipt.Write(folder, installed);
        return installed;
    }

    private static MetricDepthException Mismatch(ModelInstallationOptions options, string hash, string expected)
    {
        var model = options.Model;
        string from = options.Path is { } path ? $"'{path}'" : $"What {model.Source!.Host} sent";
        string advice = model.Sha256 is not null
            ? options.Path is null
                ? "Nothing was installed; run the command again. If it fails again, the file on the way or at the source is not the one that was checked."
                : $"Give the file that {model.Source?.ToString() ?? "its makers"} holds, or install your own under a name of its own (Install-DepthModel MyModel -Path FILE -Family {model.Family})."
            : $"Its makers may have replaced it, or somebody else has. If you know that it is in order, delete '{ModelPin.PathOf(options.Store.Folder, model.Name)}' and run the command again.";
        return new("ModelHashMismatch", FailureKind.InvalidData,
            $"{from} is not the file '{model.Name}' {(model.Sha256 is null ? "that was installed first" : "of the catalog")}: its SHA-256 is {hash}, not {expected}. {advice}");
    }

    private static MetricDepthException NotWritable(ModelInstallationOptions options, Exception e) => new("StoreNotWritable", FailureKind.Storage,
        $"The model store '{options.Store.Folder}' cannot be written: {e.Message} Allow it, or set {ModelStore.FolderVariable} to another folder.", e);

    // EROFS; Windows says ERROR_WRITE_PROTECT
    private static bool IsReadOnly(IOException e) => (e.HResult & 0xFFFF) is 30 && !OperatingSystem.IsWindows() || (e.HResult & 0xFFFF) is 19 && OperatingSystem.IsWindows();
}
