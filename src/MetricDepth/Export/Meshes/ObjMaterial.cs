using System.Text;

namespace MetricDepth.Export.Meshes;

/// <summary>The material of an OBJ file (MTL): the picture and no lighting, for its colours have the light of the room in them.</summary>
internal static class ObjMaterial
{
    /// <summary>What the faces call it.</summary>
    public const string Name = "filmed";

    /// <summary>Writes the file.</summary>
    /// <param name="textureFile">Name of the picture beside it.</param>
    /// <param name="stream">Where to.</param>
    public static void Write(string textureFile, Stream stream) => stream.Write(Encoding.UTF8.GetBytes(
        $"# MetricDepth\nnewmtl {Name}\nKa 1 1 1\nKd 1 1 1\nKs 0 0 0\nd 1\nillum 0\nmap_Kd {textureFile}\n"));

    /// <summary>
    /// What a file beside an OBJ file is called: its name, without what readers of OBJ disagree about (they end names at blanks, read
    /// # as a comment and \ as an escape).
    /// </summary>
    /// <param name="objPath">The OBJ file.</param>
    /// <param name="extension">With the dot.</param>
    public static string Beside(string objPath, string extension)
    {
        string name = Path.GetFileNameWithoutExtension(objPath);
        return string.Concat(name.Select(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '#' or '\\' or '%' or '"' or '\'' or ':' ? '_' : c)
            // an option of map_Kd begins with one
            .Select((c, i) => i == 0 && c == '-' ? '_' : c)) + extension;
    }
}
