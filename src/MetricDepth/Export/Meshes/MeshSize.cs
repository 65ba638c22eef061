using System.Globalization;

namespace MetricDepth.Export.Meshes;

/// <summary>How large mesh files become at most.</summary>
internal static class MeshSize
{
    private const int Header = 2048;

    // "-12345.678901 ": what is farther away than 100 km takes more
    private const int CoordinateLetters = 14;
    // "0.123456 " of a texture coordinate or colour, "-0.123456 " of a normal
    private const int ShareLetters = 9;

    /// <summary>Bytes of a mesh without its picture.</summary>
    /// <param name="format">How it is stored.</param>
    /// <param name="vertices">How many.</param>
    /// <param name="triangles">How many.</param>
    /// <param name="hasNormals">Whether vertices have normals.</param>
    /// <param name="hasColor">Whether there is a texture, or in PLY a colour for each vertex.</param>
    public static double Most(MeshFormat format, long vertices, long triangles, bool hasNormals, bool hasColor)
    {
        int digits = vertices.ToString(CultureInfo.InvariantCulture).Length;
        int numbersOfCorner = 1 + (hasNormals ? 1 : 0) + (hasColor ? 1 : 0);
        var (vertex, triangle) = format switch
        {
            MeshFormat.Glb => (12 + (hasNormals ? 12 : 0) + (hasColor ? 8 : 0), vertices <= ushort.MaxValue ? 6 : 12),
            MeshFormat.Ply => (12 + (hasNormals ? 12 : 0) + (hasColor ? 3 : 0), 13),
            _ => (2 + 3 * CoordinateLetters + (hasColor ? 3 + 2 * ShareLetters : 0) + (hasNormals ? 3 + 3 * (1 + ShareLetters) : 0),
                2 + 3 * numbersOfCorner * (digits + 1)),
        };
        return Header + (double)vertex * vertices + (double)triangle * triangles;
    }

    /// <summary>Bytes of a picture as PNG: what cannot be compressed is stored.</summary>
    public static double MostPng(int width, int height) => 200 + (3.0 * width + 1) * height * 1.001;
}
