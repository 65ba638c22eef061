using System.Globalization;
using System.Text.Json;

namespace MetricDepth.Geometry;

/// <summary>The horizontal field of view of each frame. On disk: JSON, an array of degrees, as the Python toolbox's <c>--xfov_file</c>.</summary>
internal static class FieldOfViewList
{
    // A day at 60 frames per second, in full precision, is 130 MB.
    private const long MaxFileBytes = 1 << 28;

    /// <summary>Reads the file.</summary>
    /// <returns>Degrees, one a frame.</returns>
    /// <exception cref="MetricDepthException">It is missing, or is not a list of angles.</exception>
    public static IReadOnlyList<double> Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new MetricDepthException("FileNotFound", FailureKind.NotFound, $"The list of fields of view '{path}' does not exist. Check -FieldOfViewPath.");
        if (file.Length > MaxFileBytes) throw Malformed(path, "it is larger than 256 MiB");
        try
        {
            return Read(File.ReadAllBytes(path), path);
        }
        catch (JsonException e)
        {
            throw Malformed(path, "it is not JSON", e);
        }
    }

    private static List<double> Read(ReadOnlySpan<byte> text, string path)
    {
        if (text.StartsWith<byte>([0xEF, 0xBB, 0xBF])) text = text[3..];
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw Malformed(path, "it is not a list");
        List<double> degrees = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out double angle))
                throw Malformed(path, $"entry {degrees.Count} is not a number");
            if (!(angle > 0 && angle < 180))
                throw Malformed(path, string.Create(CultureInfo.InvariantCulture, $"entry {degrees.Count} is {angle}, not between 0 and 180 degrees"));
            degrees.Add(angle);
        }
        if (reader.Read()) throw Malformed(path, "something follows the list");
        return degrees.Count > 0 ? degrees : throw Malformed(path, "the list is empty");
    }

    private static MetricDepthException Malformed(string path, string why, Exception? inner = null) => new("FieldOfViewListMalformed", FailureKind.InvalidData,
        $"'{path}' is not a list of fields of view: {why}. It is JSON, an array of degrees with one number per frame.", inner);
}
