using System.Globalization;
using System.Text.Json;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>JSON files of other programs.</summary>
internal static class CameraJson
{
    /// <summary>The largest file that is read: two hundred thousand pictures.</summary>
    private const long LargestFile = 128 << 20;

    /// <summary>Parses a file; what is nested deeper than 64 levels is refused.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largest">Bytes it may have.</param>
    public static JsonDocument Open(string path, long largest = LargestFile)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > largest)
                throw CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"it is larger than {largest >> 20} MiB"));
            return JsonDocument.Parse(stream);
        }
        catch (JsonException e)
        {
            throw CameraFileProblem.AtLine(path, (e.LineNumber ?? 0) + 1, "it is not JSON");
        }
    }

    /// <summary>A member of an object; false where the element is no object or has none.</summary>
    public static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value);
    }

    /// <summary>A member that is a finite number; null otherwise.</summary>
    public static double? Number(JsonElement element, string name) =>
        TryGet(element, name, out var value) && TryNumber(value, out double number) ? number : null;

    /// <summary>A member that is text; empty where there is none, or what is no text in any encoding.</summary>
    public static string Text(JsonElement element, string name)
    {
        if (!TryGet(element, name, out var value) || value.ValueKind != JsonValueKind.String) return "";
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Numbers of an array, or of an array of arrays, one after the other; false where there are more or fewer, or something else.</summary>
    public static bool TryNumbers(JsonElement element, Span<double> values)
    {
        int n = 0;
        return Fill(element, values, ref n, depth: 0) && n == values.Length;
    }

    private static bool Fill(JsonElement element, Span<double> values, ref int n, int depth)
    {
        if (element.ValueKind != JsonValueKind.Array || depth > 1) return false;
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
            {
                if (!Fill(item, values, ref n, depth + 1)) return false;
            }
            else if (n == values.Length || !TryNumber(item, out values[n++]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryNumber(JsonElement element, out double value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out value) && Math.Abs(value) <= 1e15;
    }
}
