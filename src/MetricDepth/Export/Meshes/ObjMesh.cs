using System.Buffers.Text;
using System.Text;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Meshes as Wavefront OBJ text: v, vt (v from the bottom, as the format has it), vn, f; coordinates to a micrometre. Without a texture
/// colours follow the coordinates of a vertex (0..1), which MeshLab, Blender and Open3D read.
/// </summary>
internal static class ObjMesh
{
    // the longest line: a face with three times three ten-digit numbers, or a vertex with six numbers
    private const int LongestLine = 256;
    private const double MetreDigits = 1e6, LargestFixed = 1e9;

    /// <summary>Writes the mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="comment">A line about it; null for none.</param>
    /// <param name="materialFile">Name of the material file beside it; null for none.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Write(TriangleMesh mesh, string? comment, string? materialFile, Stream stream, CancellationToken cancellation)
    {
        var blocks = new BlockWriter(stream, cancellation);
        blocks.Write(Encoding.UTF8.GetBytes(
            $"# MetricDepth: metres, x right, y down, z forward\n{(comment is null ? "" : $"# {comment}\n")}{(materialFile is null ? "" : $"mtllib {materialFile}\n")}"));
        bool hasTexture = materialFile is not null && mesh.TextureCoordinates.Length > 0, hasNormals = mesh.Normals.Length > 0;
        Vertices(mesh, blocks, hasColors: !hasTexture && mesh.Colors.Length > 0);
        if (hasTexture) TextureCoordinates(mesh.TextureCoordinates, blocks);
        if (hasNormals) Normals(mesh.Normals, blocks);
        if (hasTexture) blocks.Write(Encoding.UTF8.GetBytes($"usemtl {ObjMaterial.Name}\n"));
        Faces(mesh.Triangles, blocks, hasTexture, hasNormals);
        blocks.Flush();
    }

    private static void Vertices(TriangleMesh mesh, BlockWriter blocks, bool hasColors)
    {
        var positions = mesh.Positions;
        var colors = mesh.Colors;
        for (int v = 0; v < mesh.VertexCount; v++)
        {
            var line = blocks.Room(LongestLine);
            line[0] = (byte)'v';
            int n = 1;
            for (int k = 0; k < 3; k++) Number(positions[3 * v + k], line, ref n);
            if (hasColors)
                for (int shift = 16; shift >= 0; shift -= 8) Number((byte)(colors[v] >> shift) / 255.0, line, ref n);
            line[n++] = (byte)'\n';
            blocks.Advance(n);
        }
    }

    private static void TextureCoordinates(ReadOnlySpan<float> coordinates, BlockWriter blocks)
    {
        for (int i = 0; i < coordinates.Length; i += 2)
        {
            var line = blocks.Room(LongestLine);
            "vt"u8.CopyTo(line);
            int n = 2;
            Number(coordinates[i], line, ref n);
            Number(1.0 - coordinates[i + 1], line, ref n);
            line[n++] = (byte)'\n';
            blocks.Advance(n);
        }
    }

    private static void Normals(ReadOnlySpan<float> normals, BlockWriter blocks)
    {
        for (int i = 0; i < normals.Length; i += 3)
        {
            var line = blocks.Room(LongestLine);
            "vn"u8.CopyTo(line);
            int n = 2;
            for (int k = 0; k < 3; k++) Number(normals[i + k], line, ref n);
            line[n++] = (byte)'\n';
            blocks.Advance(n);
        }
    }

    private static void Faces(ReadOnlySpan<int> triangles, BlockWriter blocks, bool hasTexture, bool hasNormals)
    {
        for (int t = 0; t < triangles.Length; t += 3)
        {
            var line = blocks.Room(LongestLine);
            line[0] = (byte)'f';
            int n = 1;
            for (int k = 0; k < 3; k++)
            {
                line[n++] = (byte)' ';
                int from = n, number = triangles[t + k] + 1;
                Whole(number, line, ref n);
                var digits = line[from..n];
                if (!hasTexture && !hasNormals) continue;
                line[n++] = (byte)'/';
                if (hasTexture) Repeat(digits, line, ref n);
                if (!hasNormals) continue;
                line[n++] = (byte)'/';
                Repeat(digits, line, ref n);
            }
            line[n++] = (byte)'\n';
            blocks.Advance(n);
        }
    }

    private static void Repeat(ReadOnlySpan<byte> digits, Span<byte> line, ref int n)
    {
        digits.CopyTo(line[n..]);
        n += digits.Length;
    }

    private static void Whole(long value, Span<byte> line, ref int n)
    {
        Utf8Formatter.TryFormat(value, line[n..], out int written);
        n += written;
    }

    /// <summary>A blank and a number with six decimals at most: several times as fast as the shortest text of a float.</summary>
    private static void Number(double value, Span<byte> line, ref int n)
    {
        line[n++] = (byte)' ';
        if (Math.Abs(value) >= LargestFixed)
        {
            Utf8Formatter.TryFormat(value, line[n..], out int written, 'E');
            n += written;
            return;
        }
        long scaled = (long)Math.Round(value * MetreDigits);
        if (scaled < 0)
        {
            line[n++] = (byte)'-';
            scaled = -scaled;
        }
        var (whole, rest) = Math.DivRem(scaled, (long)MetreDigits);
        Whole(whole, line, ref n);
        if (rest == 0) return;
        line[n++] = (byte)'.';
        for (long digit = (long)MetreDigits / 10; rest > 0; digit /= 10)
        {
            line[n++] = (byte)('0' + rest / digit);
            rest %= digit;
        }
    }
}
