using System.Globalization;
using System.Text.Json;

namespace MetricDepth.Inference.Models;

/// <summary>
/// The file beside an installed model that says what it is. It is written last, in one piece: what has none is not installed, whatever
/// else lies in the folder.
/// </summary>
internal static class ModelReceipt
{
    /// <summary>Its name in the model's folder.</summary>
    public const string FileName = "receipt.json";

    private const long LargestFile = 64 << 10;

    /// <summary>Reads the receipt of a model's folder; null if there is none.</summary>
    /// <exception cref="MetricDepthException"><c>ModelDamaged</c>: it is not one of ours, or the model's file is gone or of another size.</exception>
    public static InstalledModel? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            if (new FileInfo(path).Length > LargestFile) throw new ModelFieldException("its receipt is too large");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), ModelFields.Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model", out var model)) throw new ModelFieldException("its receipt does not say what it is");
            var info = ModelFields.Read(model, "the model", under: null);
            string hash = ModelFields.Text(root, "sha256", "the receipt") is { } text && ModelFields.IsSha256(text) ? text : throw new ModelFieldException("its receipt has no hash");
            long bytes = ModelFields.Whole(root, "bytes", "the receipt", ModelFields.LargestModel) ?? throw new ModelFieldException("its receipt has no size");
            if (!DateTimeOffset.TryParse(ModelFields.Text(root, "installed", "the receipt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when))
                throw new ModelFieldException("its receipt has no date");
            if (!info.Name.Equals(Path.GetFileName(folder), StringComparison.OrdinalIgnoreCase)) throw new ModelFieldException($"its receipt is that of '{info.Name}'");
            string file = Path.Combine(folder, info.FileName);
            if (!File.Exists(file)) throw new ModelFieldException($"'{info.FileName}' is missing");
            if (new FileInfo(file).Length != bytes) throw new ModelFieldException($"'{info.FileName}' has another size than when it was installed");
            return new(info with { Bytes = bytes }, file, hash, when);
        }
        catch (FileNotFoundException)
        {
            return null; // taken away at this moment
        }
        catch (Exception e) when (e is JsonException or ModelFieldException or IOException or UnauthorizedAccessException)
        {
            string name = Path.GetFileName(folder);
            throw new MetricDepthException("ModelDamaged", FailureKind.InvalidData,
                $"The model '{name}' in '{folder}' cannot be used: {e.Message.TrimEnd('.')}. Install it again with Install-DepthModel {name} -Force.", e);
        }
    }

    /// <summary>Writes the receipt of a model whose file is complete.</summary>
    public static void Write(string folder, InstalledModel model)
    {
        string path = Path.Combine(folder, FileName), temporary = path + ".partial";
        using (var stream = File.Create(temporary))
        {
            using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
            {
                json.WriteStartObject();
                json.WritePropertyName("model");
                ModelFields.Write(json, model.Info);
                json.WriteNumber("bytes", new FileInfo(model.Path).Length);
                json.WriteString("sha256", model.Sha256);
                json.WriteString("installed", model.Installed.ToString("o", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
