using System.Globalization;
using System.Text;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>Strings as Python source: whatever a file is called, it stays a string.</summary>
internal static class PythonLiteral
{
    /// <summary>A string literal of ASCII characters only; null becomes <c>None</c>.</summary>
    public static string Of(string? value)
    {
        if (value is null) return "None";
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
            _ = rune.Value switch
            {
                '"' or '\\' => text.Append('\\').Append((char)rune.Value),
                >= ' ' and <= '~' => text.Append((char)rune.Value),
                <= 0xFFFF => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        return text.Append('"').ToString();
    }
}
