using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Meshes as Wavefront OBJ text: v, vt (v from the bottom, as the format has it), vn, f; coordinates to a micrometre. Without a texture
/// colours follow the coordinates of a vertex (0..1), which MeshLab, Blender and Open3D read.
/// </summary>
internal static class ObjMesh
{
    // the longest line: a face with three times three ten-digit numbers, or a vertex with six numbers
    private const int LongestLine = 320;

    // -1.234567E+038; what is written faster writes a little more than it needs
    private const int LongestNumber = 24;
    private const double LargestFixed = 1e9;
    private const uint MicrometresPerMetre = 1_000_000;

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
            ref byte line = ref Begin(blocks);
            int n = Word(ref line, (byte)'v');
            for (int k = 0; k < 3; k++) n = Number(positions[3 * v + k], ref line, n);
            if (hasColors)
                for (int shift = 16; shift >= 0; shift -= 8) n = Number((byte)(colors[v] >> shift) / 255.0, ref line, n);
            End(blocks, ref line, n);
        }
    }

    private static void TextureCoordinates(ReadOnlySpan<float> coordinates, BlockWriter blocks)
    {
        for (int i = 0; i < coordinates.Length; i += 2)
        {
            ref byte line = ref Begin(blocks);
            int n = Word(ref line, (byte)'v', (byte)'t');
            n = Number(coordinates[i], ref line, n);
            n = Number(1.0 - coordinates[i + 1], ref line, n);
            End(blocks, ref line, n);
        }
    }

    private static void Normals(ReadOnlySpan<float> normals, BlockWriter blocks)
    {
        for (int i = 0; i < normals.Length; i += 3)
        {
            ref byte line = ref Begin(blocks);
            int n = Word(ref line, (byte)'v', (byte)'n');
            for (int k = 0; k < 3; k++) n = Number(normals[i + k], ref line, n);
            End(blocks, ref line, n);
        }
    }

    private static void Faces(ReadOnlySpan<int> triangles, BlockWriter blocks, bool hasTexture, bool hasNormals)
    {
        for (int t = 0; t < triangles.Length; t += 3)
        {
            ref byte line = ref Begin(blocks);
            int n = Word(ref line, (byte)'f');
            for (int k = 0; k < 3; k++)
            {
                Unsafe.Add(ref line, n) = (byte)' ';
                n = Corner(triangles[t + k] + 1L, ref line, n + 1, hasTexture, hasNormals);
            }
            End(blocks, ref line, n);
        }
    }

    // position/texture/normal, which all have the same number
    private static int Corner(long number, ref byte line, int n, bool hasTexture, bool hasNormals)
    {
        int from = n;
        n = Whole(number, ref line, n);
        if (!hasTexture && !hasNormals) return n;
        Unsafe.Add(ref line, n++) = (byte)'/';
        int letters = n - 1 - from;
        if (hasTexture) n = Repeat(ref line, from, letters, n);
        if (!hasNormals) return n;
        Unsafe.Add(ref line, n++) = (byte)'/';
        return Repeat(ref line, from, letters, n);
    }

    private static int Repeat(ref byte line, int from, int letters, int to)
    {
        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref line, to), ref Unsafe.Add(ref line, from), (uint)letters);
        return to + letters;
    }

    private static ref byte Begin(BlockWriter blocks) => ref MemoryMarshal.GetReference(blocks.Room(LongestLine));

    private static void End(BlockWriter blocks, ref byte line, int n)
    {
        Unsafe.Add(ref line, n) = (byte)'\n';
        blocks.Advance(n + 1);
    }

    private static int Word(ref byte line, byte letter)
    {
        line = letter;
        return 1;
    }

    private static int Word(ref byte line, byte first, byte second)
    {
        (line, Unsafe.Add(ref line, 1)) = (first, second);
        return 2;
    }

    private static int Whole(long value, ref byte line, int n)
    {
        if (value is > 0 and < DecimalDigits.TooLarge)
        {
            ulong digits = DecimalDigits.Eight((uint)value);
            int zeros = BitOperations.TrailingZeroCount(digits) / 8; // in front: the first digit is the lowest byte
            DecimalDigits.Put(ref line, n, (digits | DecimalDigits.Letters) >> 8 * zeros);
            return n + DecimalDigits.Count - zeros;
        }
        Utf8Formatter.TryFormat(value, Rest(ref line, n), out int written);
        return n + written;
    }

    /// <summary>A blank and a number with six decimals at most: several times as fast as the shortest text of a float.</summary>
    private static int Number(double value, ref byte line, int n)
    {
        Unsafe.Add(ref line, n++) = (byte)' ';
        if (!(Math.Abs(value) < LargestFixed))
        {
            Utf8Formatter.TryFormat(value, Rest(ref line, n), out int written, 'E');
            return n + written;
        }
        long scaled = (long)Math.Round(value * MicrometresPerMetre);
        Unsafe.Add(ref line, n) = (byte)'-';
        n += scaled < 0 ? 1 : 0;
        ulong size = (ulong)Math.Abs(scaled), whole = size / MicrometresPerMetre;
        uint rest = (uint)(size - whole * MicrometresPerMetre);
        // the six digits with two zeros before them
        ulong digits = DecimalDigits.Eight(rest);
        if (whole < 10) Unsafe.Add(ref line, n++) = (byte)('0' + whole);
        else n = Whole((long)whole, ref line, n);
        Unsafe.Add(ref line, n) = (byte)'.';
        DecimalDigits.Put(ref line, n + 1, (digits | DecimalDigits.Letters) >> 16);
        // with the point, without the two zeros
        return rest == 0 ? n : n + DecimalDigits.Count - BitOperations.LeadingZeroCount(digits) / 8 - 1;
    }

    private static Span<byte> Rest(ref byte line, int n) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref line, n), LongestNumber);
}
