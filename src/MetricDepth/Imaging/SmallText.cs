namespace MetricDepth.Imaging;

/// <summary>Numbers with their unit, drawn into a picture: a 3×5 typeface of its own, so that no font has to be installed.</summary>
internal static class SmallText
{
    private const int GlyphHeight = 5;

    // rows from the top, each a pattern of columns
    private static readonly Dictionary<char, string[]> Glyphs = new()
    {
        ['0'] = ["###", "# #", "# #", "# #", "###"],
        ['1'] = [" # ", "## ", " # ", " # ", "###"],
        ['2'] = ["###", "  #", "###", "#  ", "###"],
        ['3'] = ["###", "  #", " ##", "  #", "###"],
        ['4'] = ["# #", "# #", "###", "  #", "  #"],
        ['5'] = ["###", "#  ", "###", "  #", "###"],
        ['6'] = ["###", "#  ", "###", "# #", "###"],
        ['7'] = ["###", "  #", "  #", " # ", " # "],
        ['8'] = ["###", "# #", "###", "# #", "###"],
        ['9'] = ["###", "# #", "###", "  #", "###"],
        ['.'] = [" ", " ", " ", " ", "#"],
        ['m'] = ["     ", "     ", "#### ", "# # #", "# # #"],
        ['s'] = ["   ", " ##", "#  ", "  #", "## "],
        [' '] = ["  ", "  ", "  ", "  ", "  "],
    };

    /// <summary>How wide a text is, px.</summary>
    public static int Width(string text, int scale) => text.Sum(c => Glyphs[c][0].Length + 1) * scale - scale;

    /// <summary>How high a text is, px.</summary>
    public static int Height(int scale) => GlyphHeight * scale;

    /// <summary>Draws digits, '.', ' ', 'm' and 's'; what falls outside the picture is left out.</summary>
    public static void Draw(Plane<uint> picture, string text, int left, int top, int scale, uint colour)
    {
        foreach (char c in text)
        {
            string[] glyph = Glyphs[c];
            for (int y = 0; y < GlyphHeight * scale; y++)
                for (int x = 0; x < glyph[0].Length * scale; x++)
                    if (glyph[y / scale][x / scale] == '#' && (uint)(left + x) < (uint)picture.Width && (uint)(top + y) < (uint)picture.Height)
                        picture[left + x, top + y] = colour;
            left += (glyph[0].Length + 1) * scale;
        }
    }
}
