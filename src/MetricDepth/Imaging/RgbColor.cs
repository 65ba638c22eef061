using System.Drawing;
using System.Globalization;

namespace MetricDepth.Imaging;

/// <summary>An opaque colour, sRGB.</summary>
/// <param name="Red">0..255.</param>
/// <param name="Green">0..255.</param>
/// <param name="Blue">0..255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static RgbColor Black => default;

    /// <summary>As a BGR0 pixel, 0x00RRGGBB.</summary>
    public uint Pixel => (uint)Red << 16 | (uint)Green << 8 | Blue;

    /// <summary>Reads a name of CSS (<c>Lime</c>, <c>SlateGray</c>) or <c>#RRGGBB</c>; upper or lower case.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static RgbColor Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim();
        if (name.Length == 7 && name[0] == '#' && uint.TryParse(name.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint pixel))
            return new((byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel);
        var known = Color.FromName(name);
        return known is { IsKnownColor: true, IsSystemColor: false, A: 255 }
            ? new(known.R, known.G, known.B)
            : throw new FormatException($"'{text}' is no colour. Give a name such as Lime, White or SlateGray, or #RRGGBB, for example '#00FF00'.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:X2}{Green:X2}{Blue:X2}");
}
