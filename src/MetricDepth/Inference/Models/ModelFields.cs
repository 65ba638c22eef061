using System.Globalization;
using System.Text.Json;

namespace MetricDepth.Inference.Models;

/// <summary>A model's description in JSON, as catalogs and receipts have it.</summary>
internal static class ModelFields
{
    private const int LongestText = 1000, LongestAddress = 2000, MostMirrors = 20, MostHeads = 1024;
    private const double LargestDepth = 1e6;

    /// <summary>Larger than any model that this is for; what claims more is not one.</summary>
    public const long LargestModel = 64L << 30;

    /// <summary>No comments, no key twice, little depth.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private static readonly string[] Known =
        ["name", "task", "family", "size", "output", "metric", "maxDepth", "license", "nonCommercial", "source", "mirrors", "fileName", "bytes", "sha256", "heads", "description"];

    /// <summary>The name of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="place">What to call it as long as it has no name.</param>
    public static string NameOf(JsonElement entry, string place)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw new ModelFieldException($"{place} is not a JSON object");
        string name = Text(entry, "name", place) ?? throw new ModelFieldException($"{place} has no \"name\"");
        return ModelName.IsValid(name) ? name
            : throw new ModelFieldException($"{place} has the name '{name}', which must be of letters, digits, '-', '_' and '.', at most {ModelName.Longest}, and no device of Windows");
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="place">What to call it in messages.</param>
    /// <param name="under">What it changes; null for an entry that must say everything.</param>
    public static ModelInfo Read(JsonElement entry, string place, ModelInfo? under)
    {
        string name = NameOf(entry, place);
        foreach (var property in entry.EnumerateObject())
            if (!Known.Contains(property.Name, StringComparer.Ordinal)) throw new ModelFieldException($"'{property.Name}' of {place} means nothing here; known are {string.Join(", ", Known)}");
        T Needed<T>(T? stated, T? known, string key) where T : struct => stated ?? known ?? throw new ModelFieldException($"{place} has no \"{key}\"");
        var source = Address(entry, "source", place);
        var info = new ModelInfo
        {
            Name = under?.Name ?? name,
            Task = Needed(Choice<ModelTask>(entry, "task", place), under?.Task, "task"),
            Family = Needed(Choice<ModelFamily>(entry, "family", place), under?.Family, "family"),
            Size = Text(entry, "size", place) ?? under?.Size ?? "",
            Output = Needed(Choice<OutputMeaning>(entry, "output", place), under?.Output, "output"),
            IsMetric = Needed(Flag(entry, "metric", place), under?.IsMetric, "metric"),
            MaxDepth = Number(entry, "maxDepth", place) ?? under?.MaxDepth,
            License = Text(entry, "license", place) ?? under?.License ?? "",
            NonCommercial = Flag(entry, "nonCommercial", place) ?? under?.NonCommercial ?? false,
            Source = source ?? under?.Source,
            Mirrors = Mirrors(entry, place) ?? under?.Mirrors ?? [],
            FileName = Text(entry, "fileName", place) ?? under?.FileName ?? throw new ModelFieldException($"{place} has no \"fileName\""),
            Bytes = Whole(entry, "bytes", place, LargestModel) ?? under?.Bytes,
            Sha256 = Text(entry, "sha256", place)?.ToLowerInvariant() ?? under?.Sha256,
            Heads = (int?)Whole(entry, "heads", place, MostHeads) ?? under?.Heads,
            Description = Text(entry, "description", place) ?? under?.Description ?? "",
        };
        if (!ModelName.IsValidFile(info.FileName))
            throw new ModelFieldException($"\"fileName\" of {place} is '{info.FileName}', which must be a plain name that ends with {string.Join(", ", ModelName.Extensions)}");
        if (info.Sha256 is { } hash && !IsSha256(hash)) throw new ModelFieldException($"\"sha256\" of {place} is not 64 hexadecimal digits");
        return info;
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public static void Write(Utf8JsonWriter json, ModelInfo info)
    {
        json.WriteStartObject();
        json.WriteString("name", info.Name);
        json.WriteString("task", info.Task.ToString());
        json.WriteString("family", info.Family.ToString());
        if (info.Size.Length > 0) json.WriteString("size", info.Size);
        json.WriteString("output", info.Output.ToString());
        json.WriteBoolean("metric", info.IsMetric);
        if (info.MaxDepth is { } depth) json.WriteNumber("maxDepth", depth);
        json.WriteString("license", info.License);
        json.WriteBoolean("nonCommercial", info.NonCommercial);
        if (info.Source is { } source) json.WriteString("source", source.OriginalString);
        json.WriteString("fileName", info.FileName);
        if (info.Bytes is { } bytes) json.WriteNumber("bytes", bytes);
        if (info.Sha256 is { } hash) json.WriteString("sha256", hash);
        if (info.Heads is { } heads) json.WriteNumber("heads", heads);
        json.WriteString("description", info.Description);
        json.WriteEndObject();
    }

    /// <summary>Whether a text is a SHA-256 in lower-case hexadecimal.</summary>
    public static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>A text; null if it is not there.</summary>
    public static string? Text(JsonElement entry, string key, string place)
    {
        if (!entry.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= LongestText } text && !text.Any(char.IsControl) ? text
            : throw new ModelFieldException($"\"{key}\" of {place} is not a text of at most {LongestText} printable characters");
    }

    /// <summary>A whole number from 1 on; null if it is not there.</summary>
    public static long? Whole(JsonElement entry, string key, string place, long most)
    {
        if (!entry.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 1 && number <= most ? number
            : throw new ModelFieldException(string.Create(CultureInfo.InvariantCulture, $"\"{key}\" of {place} is not a whole number from 1 to {most}"));
    }

    private static double? Number(JsonElement entry, string key, string place)
    {
        if (!entry.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number is > 0 and <= LargestDepth ? number
            : throw new ModelFieldException($"\"{key}\" of {place} is not a number above 0");
    }

    private static bool? Flag(JsonElement entry, string key, string place)
    {
        if (!entry.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new ModelFieldException($"\"{key}\" of {place} is neither true nor false");
    }

    private static T? Choice<T>(JsonElement entry, string key, string place) where T : struct, Enum
    {
        if (Text(entry, key, place) is not { } text) return null;
        return Enum.GetNames<T>().Contains(text, StringComparer.Ordinal) ? Enum.Parse<T>(text)
            : throw new ModelFieldException($"\"{key}\" of {place} is '{text}', which must be one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    private static List<Uri>? Mirrors(JsonElement entry, string place)
    {
        if (!entry.TryGetProperty("mirrors", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostMirrors) throw new ModelFieldException($"\"mirrors\" of {place} is not a list of at most {MostMirrors} addresses");
        return [.. value.EnumerateArray().Select(item => ToAddress(item, "mirrors", place))];
    }

    private static Uri? Address(JsonElement entry, string key, string place) =>
        !entry.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null : ToAddress(value, key, place);

    private static Uri ToAddress(JsonElement value, string key, string place) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= LongestAddress } text
        && Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo.Length == 0
            ? address : throw new ModelFieldException($"\"{key}\" of {place} is not an https address without user name");
}
