namespace MetricDepth.Inference.Models;

/// <summary>The catalog and the store side by side.</summary>
public static class ModelListing
{
    /// <summary>All models: the catalog's in its order, then those of the user's own by name.</summary>
    public static IReadOnlyList<DepthModel> All(ModelStore store)
    {
        // where the file system tells case, the first of two is the one that is found by name
        var folders = store.ModelFolders().DistinctBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(folder => Path.GetFileName(folder)!, StringComparer.OrdinalIgnoreCase);
        var listed = store.Catalog.Models.Select(info => folders.Remove(info.Name, out string? folder) ? Of(folder, info) : NotInstalled(store, info)).ToList();
        return [.. listed, .. folders.Values.Order(StringComparer.OrdinalIgnoreCase).Select(folder => Of(folder, null))];
    }

    /// <summary>A model by its name, installed or not.</summary>
    /// <exception cref="MetricDepthException"><c>ModelUnknown</c>.</exception>
    public static DepthModel Get(ModelStore store, string name) =>
        All(store).FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw store.Unknown(name);

    /// <summary>Computes the hash of an installed model's file again.</summary>
    public static DepthModel Verify(DepthModel model, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (model.State != ModelState.Installed) return model;
        string hash = FileHash.Compute(model.Path!, $"Checking {model.Name}", progress, cancellation);
        return hash == model.Sha256 ? model with { IsVerified = true } : model with
        {
            IsVerified = false,
            State = ModelState.Damaged,
            Problem = $"The model '{model.Name}' in '{model.Path}' has changed since it was installed: its SHA-256 is {hash}, not {model.Sha256}. Install it again with Install-DepthModel {model.Name} -Force.",
        };
    }

    private static DepthModel NotInstalled(ModelStore store, ModelInfo info) => File.Exists(store.PartialPath(info.Name))
        ? DepthModel.Of(info, ModelState.Partial) with { Folder = Path.Combine(store.Folder, "models", info.Name) }
        : DepthModel.Of(info, ModelState.Available);

    // a folder without a receipt is what an install that was cut off left: nothing to show, but something to remove
    private static DepthModel Of(string folder, ModelInfo? info)
    {
        string name = info?.Name ?? Path.GetFileName(folder);
        try
        {
            if (ModelReceipt.Read(folder) is { } model) return DepthModel.Of(model);
            return info is null
                ? new() { Name = name, State = ModelState.Damaged, Folder = folder, Problem = $"'{folder}' holds no complete model. Remove it with Uninstall-DepthModel {name}." }
                : DepthModel.Of(info, ModelState.Partial) with { Folder = folder };
        }
        catch (MetricDepthException e)
        {
            var known = info is null ? new DepthModel { Name = name, State = ModelState.Damaged } : DepthModel.Of(info, ModelState.Damaged);
            return known with { Folder = folder, Problem = e.Message };
        }
    }
}
