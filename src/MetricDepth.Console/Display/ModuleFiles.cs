using System.Xml;
using System.Xml.Linq;

namespace MetricDepth.CommandLine.Display;

/// <summary>The PowerShell module's views and help, which lie beside the program.</summary>
internal static class ModuleFiles
{
    /// <summary>Loads an XML file; null where it is missing or damaged, since nobody should lose a result over its looks.</summary>
    public static XDocument? Load(string relativePath)
    {
        try
        {
            return XDocument.Load(Path.Combine(AppContext.BaseDirectory, "module", relativePath));
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
