using System.Xml;
using System.Xml.Linq;

namespace MetricDepth.CommandLine.Display;

/// <summary>The PowerShell module's views and help, which lie beside the program.</summary>
internal static class ModuleFiles
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "module");

    /// <summary>Reads a text; null where there is none.</summary>
    public static string? Text(string relativePath) =>
        File.Exists(Path.Combine(Folder, relativePath)) ? File.ReadAllText(Path.Combine(Folder, relativePath)) : null;

    /// <summary>Loads an XML file; null where it is missing or damaged, since nobody should lose a result over its looks.</summary>
    public static XDocument? Load(string relativePath)
    {
        try
        {
            return XDocument.Load(Path.Combine(Folder, relativePath));
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
