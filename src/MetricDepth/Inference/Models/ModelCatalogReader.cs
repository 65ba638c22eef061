using System.Text.Json;

namespace MetricDepth.Inference.Models;

/// <summary>Reads a catalog file. Strict: a wrong word in it is an error that says where, not a model that behaves oddly later.</summary>
internal static class ModelCatalogReader
{
    private const int Version = 1;
    private const int MostModels = 1000;

    /// <summary>The models of <paramref name="under"/> with those of a file over them.</summary>
    /// <param name="json">The file.</param>
    /// <param name="origin">Its name, for messages.</param>
    /// <param name="under">What is known already.</param>
    /// <exception cref="MetricDepthException"><c>CatalogMalformed</c>.</exception>
    public static List<ModelInfo> Read(ReadOnlyMemory<byte> json, string origin, IReadOnlyList<ModelInfo> under)
    {
        try
        {
            using var document = JsonDocument.Parse(json, ModelFields.Strict);
            return Read(document.RootElement, origin, under);
        }
        catch (JsonException e)
        {
            throw Malformed(origin, e.Message, e);
        }
        catch (ModelFieldException e)
        {
            throw Malformed(origin, e.Message, e);
        }
    }

    private static List<ModelInfo> Read(JsonElement root, string origin, IReadOnlyList<ModelInfo> under)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new ModelFieldException("it is not a JSON object");
        foreach (var property in root.EnumerateObject())
            if (property.Name is not ("version" or "models")) throw new ModelFieldException($"'{property.Name}' means nothing here");
        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number != Version)
            throw new ModelFieldException($"its \"version\" is not {Version}");
        if (!root.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array) throw new ModelFieldException("it has no list \"models\"");
        if (models.GetArrayLength() > MostModels) throw new ModelFieldException($"it has more than {MostModels} models");

        List<ModelInfo> all = [.. under];
        var stated = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int index = 0;
        foreach (var entry in models.EnumerateArray())
        {
            string place = $"model {++index}";
            string name = ModelFields.NameOf(entry, place);
            if (!stated.Add(name)) throw new ModelFieldException($"'{name}' is in it twice");
            int known = all.FindIndex(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            var info = ModelFields.Read(entry, $"'{name}'", known < 0 ? null : all[known]);
            if (known < 0) all.Add(info);
            else all[known] = info;
        }
        return all;
    }

    private static MetricDepthException Malformed(string origin, string what, Exception inner) => new("CatalogMalformed", FailureKind.InvalidData,
        $"The model catalog '{origin}' cannot be used: {what.TrimEnd('.')}. Correct it as models/README.md shows, or move it away.", inner);
}
