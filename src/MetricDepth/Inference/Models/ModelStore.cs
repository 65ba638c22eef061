using System.Globalization;

namespace MetricDepth.Inference.Models;

/// <summary>
/// Where models are kept: a folder that all of a user's shells share. Each model has a folder of its own with a receipt; what is being
/// downloaded lies elsewhere, so that half a model is never taken for one.
/// </summary>
/// <remarks><c>models/NAME/</c> the models, <c>downloads/</c> what is on its way, <c>pins/</c> hashes of first downloads, <c>locks/</c>,
/// <c>runtime/</c>, and <c>catalog.json</c> if the user has made one.</remarks>
public sealed class ModelStore
{
    /// <summary>The environment variable that says where the store is.</summary>
    public const string FolderVariable = "METRICDEPTH_HOME";

    private ModelStore(string folder, ModelCatalog catalog) => (Folder, Catalog) = (folder, catalog);

    /// <summary>The store's folder, full path; it need not exist.</summary>
    public string Folder { get; }

    /// <summary>What can be installed into it.</summary>
    public ModelCatalog Catalog { get; }

    /// <summary>Opens a store; nothing is written yet.</summary>
    /// <param name="folder">Its folder; null for <c>METRICDEPTH_HOME</c>, or <c>MetricDepth</c> in the platform's folder for a user's data
    /// (Linux: <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>; macOS: <c>~/Library/Application Support</c>; Windows: <c>%LOCALAPPDATA%</c>).</param>
    /// <exception cref="MetricDepthException"><c>StoreFolderUnknown</c>; <c>CatalogMalformed</c> and the like.</exception>
    public static ModelStore Open(string? folder = null)
    {
        string full = Path.GetFullPath(folder ?? DefaultFolder());
        return new(full, ModelCatalog.Load(full));
    }

    /// <summary>The models in it, by name. Damaged ones are left out; <see cref="Find"/> says what is wrong with them.</summary>
    public IReadOnlyList<InstalledModel> Installed()
    {
        List<InstalledModel> installed = [];
        foreach (string folder in ModelFolders())
        {
            try
            {
                if (ModelReceipt.Read(folder) is { } model) installed.Add(model);
            }
            catch (MetricDepthException)
            {
            }
        }
        return installed;
    }

    /// <summary>A model by its name, upper or lower case; null if it is not installed.</summary>
    /// <exception cref="MetricDepthException"><c>ModelDamaged</c>.</exception>
    public InstalledModel? TryFind(string name) =>
        ModelFolders().FirstOrDefault(folder => Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } folder
            ? ModelReceipt.Read(folder) : null;

    /// <summary>A model by its name, upper or lower case.</summary>
    /// <exception cref="MetricDepthException"><c>ModelNotInstalled</c>: how to install it; <c>ModelUnknown</c>: what may have been meant;
    /// <c>ModelDamaged</c>.</exception>
    public InstalledModel Find(string name)
    {
        if (TryFind(name) is { } model) return model;
        if (Catalog.Find(name) is { } known)
            throw new MetricDepthException("ModelNotInstalled", FailureKind.NotFound, known.Source is null
                ? $"The model '{known.Name}' is not installed. {known.Description}"
                : $"The model '{known.Name}' is not installed. Run Install-DepthModel {known.Name}{(known.NonCommercial ? " -AcceptLicense" : "")} ({Facts(known)}).");
        throw Unknown(name);
    }

    /// <summary>The failure that neither catalog nor store know a name.</summary>
    internal MetricDepthException Unknown(string name)
    {
        var near = NearNames.Find(name, Catalog.Models.Select(m => m.Name).Concat(Installed().Select(m => m.Info.Name)).Distinct(StringComparer.OrdinalIgnoreCase));
        return new("ModelUnknown", FailureKind.NotFound, $"There is no model '{name}'. "
            + (near.Count > 0 ? $"Did you mean {string.Join(", ", near)}? " : "")
            + "Get-DepthModel lists what there is, Install-DepthModel installs it.");
    }

    /// <summary>Size and licence, for people.</summary>
    internal static string Facts(ModelInfo info) => string.Join(", ", new[]
    {
        info.Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB") : "size not known",
        info.License.Length > 0 ? info.License + (info.NonCommercial ? ", non-commercial" : "") : "licence not known",
    });

    /// <summary>The folder of a model, whether it exists or not.</summary>
    internal string ModelFolder(string name) =>
        ModelFolders().FirstOrDefault(folder => Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase)) ?? Path.Combine(Folder, "models", name);

    /// <summary>Where a model lies while it is fetched.</summary>
    internal string PartialPath(string name) => Path.Combine(Folder, "downloads", name + ".partial");

    /// <summary>The folders of models, whatever is in them.</summary>
    internal List<string> ModelFolders()
    {
        string models = Path.Combine(Folder, "models");
        if (!Directory.Exists(models)) return [];
        try
        {
            return [.. Directory.EnumerateDirectories(models).Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("StoreUnreadable", FailureKind.Storage,
                $"The model store '{Folder}' cannot be read: {e.Message} Allow it, or set {FolderVariable} to another folder.", e);
        }
    }

    /// <summary>Where the store is unless somebody says otherwise.</summary>
    /// <exception cref="MetricDepthException"><c>StoreFolderUnknown</c>.</exception>
    internal static string DefaultFolder()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } home) return home;
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0 ? Path.Combine(data, "MetricDepth") : throw new MetricDepthException("StoreFolderUnknown", FailureKind.NotFound,
            $"This account has no folder for data, so there is no place for models. Set {FolderVariable} to a folder.");
    }
}
