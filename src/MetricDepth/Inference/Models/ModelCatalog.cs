namespace MetricDepth.Inference.Models;

/// <summary>
/// What can be installed: the models of <c>models/catalog.json</c>, which is part of this library, then what people add to it with a
/// <c>catalog.json</c> in their store and with the file that <c>METRICDEPTH_CATALOG</c> names. A later entry of the same name changes only
/// what it states.
/// </summary>
public sealed class ModelCatalog
{
    /// <summary>The environment variable that names a further catalog file.</summary>
    public const string PathVariable = "METRICDEPTH_CATALOG";

    /// <summary>The name of the file in the store's folder.</summary>
    public const string FileName = "catalog.json";

    private const string ResourceName = "MetricDepth.models.catalog.json";

    // the built-in one takes 11 KB; nobody has a thousand times as many models
    private const long LargestFile = 4 << 20;

    private static readonly Lazy<ModelCatalog> s_builtIn = new(ReadBuiltIn);

    private ModelCatalog(IReadOnlyList<ModelInfo> models) => Models = models;

    /// <summary>The models that this library knows by itself.</summary>
    public static ModelCatalog BuiltIn => s_builtIn.Value;

    /// <summary>The models in the catalog's order.</summary>
    public IReadOnlyList<ModelInfo> Models { get; }

    /// <summary>The catalog as it is for a store: built in, of the store, of the environment.</summary>
    /// <param name="storeFolder">The store's folder; null for none.</param>
    /// <exception cref="MetricDepthException"><c>CatalogNotFound</c>, <c>CatalogUnreadable</c>, <c>CatalogMalformed</c>.</exception>
    public static ModelCatalog Load(string? storeFolder)
    {
        var catalog = BuiltIn;
        if (storeFolder is not null && Path.Combine(storeFolder, FileName) is var own && File.Exists(own)) catalog = catalog.With(own);
        if (Environment.GetEnvironmentVariable(PathVariable) is not { Length: > 0 } named) return catalog;
        if (!File.Exists(named))
            throw new MetricDepthException("CatalogNotFound", FailureKind.NotFound,
                $"The model catalog '{named}' that {PathVariable} names does not exist. Correct the variable, or remove it to use the built-in catalog.");
        return catalog.With(named);
    }

    /// <summary>This catalog with the entries of a file over it.</summary>
    /// <exception cref="MetricDepthException"><c>CatalogUnreadable</c>, <c>CatalogMalformed</c>.</exception>
    public ModelCatalog With(string path)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw new MetricDepthException("CatalogMalformed", FailureKind.InvalidData,
                    $"'{path}' is larger than 4 MB, so it is no model catalog. Write one as models/README.md shows.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("CatalogUnreadable", FailureKind.Storage, $"The model catalog '{path}' cannot be read: {e.Message} Allow it, or move the file away.", e);
        }
        return new(ModelCatalogReader.Read(bytes, path, Models));
    }

    /// <summary>A model by its name, upper or lower case; null if there is none.</summary>
    public ModelInfo? Find(string name) => Models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A model by its name.</summary>
    /// <exception cref="MetricDepthException"><c>ModelUnknown</c>, with the names that are most like it.</exception>
    public ModelInfo Get(string name) => Find(name) ?? throw Unknown(name);

    internal MetricDepthException Unknown(string name)
    {
        var near = NearNames.Find(name, Models.Select(model => model.Name));
        return new("ModelUnknown", FailureKind.NotFound, $"There is no model '{name}' in the catalog. "
            + (near.Count > 0 ? $"Did you mean {string.Join(", ", near)}? " : "")
            + "Get-DepthModel lists all; a file of your own becomes one with Install-DepthModel NAME -Path FILE -Family FAMILY.");
    }

    private static ModelCatalog ReadBuiltIn()
    {
        using var stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream(ResourceName)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(ModelCatalogReader.Read(bytes, "models/catalog.json", []));
    }
}
