using System.Text.Json;

namespace MetricDepth.Inference.Downloads;

/// <summary>
/// The beginning of a file, with a note beside it that says which version of which source it is, so that only the same file is
/// completed.
/// </summary>
internal sealed class PartialDownload(string path)
{
    private const long LargestNote = 16 << 10;

    private readonly string _note = path + ".json";

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What there is of it, bytes.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>What the source called this version (an ETag, or a date); null if it said nothing.</summary>
    public string? Validator { get; private set; }

    /// <summary>Where it came from.</summary>
    public Uri? Source { get; private set; }

    /// <summary>Reads the note.</summary>
    public static PartialDownload Open(string path)
    {
        var partial = new PartialDownload(path);
        try
        {
            if (!File.Exists(partial._note) || new FileInfo(partial._note).Length > LargestNote) return partial;
            using var json = JsonDocument.Parse(File.ReadAllBytes(partial._note));
            if (json.RootElement.ValueKind != JsonValueKind.Object) return partial;
            if (json.RootElement.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.String
                && Uri.TryCreate(source.GetString(), UriKind.Absolute, out var address)) partial.Source = address;
            if (json.RootElement.TryGetProperty("validator", out var validator) && validator.ValueKind == JsonValueKind.String) partial.Validator = validator.GetString();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // then nothing is known of it
        }
        return partial;
    }

    /// <summary>Notes which version it is of which source; to be called before the first byte is written.</summary>
    public void Note(Uri source, string? validator)
    {
        (Source, Validator) = (source, validator);
        using var stream = File.Create(_note);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("source", source.OriginalString);
        if (validator is not null) json.WriteString("validator", validator);
        json.WriteEndObject();
    }

    /// <summary>Forgets where a complete file came from.</summary>
    public void RemoveNote() => File.Delete(_note);

    /// <summary>Takes it away.</summary>
    public void Delete()
    {
        (Source, Validator) = (null, null);
        File.Delete(_note);
        File.Delete(Path);
    }
}
