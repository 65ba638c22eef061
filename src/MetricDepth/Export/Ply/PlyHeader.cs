using System.Globalization;
using System.Text;

namespace MetricDepth.Export.Ply;

/// <summary>What a PLY 1.0 file (Turk, 1994) begins with: how its numbers are written, and its tables in the order in which they follow.</summary>
/// <param name="Encoding">How numbers are written.</param>
/// <param name="Elements">The tables.</param>
internal sealed record PlyHeader(PlyEncoding Encoding, params IReadOnlyList<PlyElement> Elements)
{
    /// <summary>What every file of ours says of its axes and unit.</summary>
    public const string AxesComment = "MetricDepth: metres, x right, y down, z forward";

    /// <summary>What a file says whose world has z up, as graphics programs have it.</summary>
    public const string UprightAxesComment = "MetricDepth: metres, x right, y forward, z up";

    /// <summary>Lines for people, ASCII without line breaks.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [AxesComment];

    /// <summary>The header as it stands in the file.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder("ply\nformat ").Append(Encoding == PlyEncoding.Binary ? "binary_little_endian" : "ascii").Append(" 1.0\n");
        foreach (string comment in Comments) text.Append("comment ").Append(comment).Append('\n');
        foreach (var element in Elements)
        {
            text.Append(CultureInfo.InvariantCulture, $"element {element.Name} {element.Count}\n");
            foreach (var property in element.Properties) text.Append(property).Append('\n');
        }
        return System.Text.Encoding.ASCII.GetBytes(text.Append("end_header\n").ToString());
    }
}
