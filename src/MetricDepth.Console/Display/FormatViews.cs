using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace MetricDepth.CommandLine.Display;

/// <summary>One value of a view: a property, how it is written, and its column.</summary>
internal sealed record FormatItem(string Label, string Property, string? Format = null, int? Width = null, bool AlignRight = false)
{
    public string TextOf(PSObject value)
    {
        object? shown = value.Properties[Property]?.Value;
        return shown switch
        {
            null => "",
            _ when Format is not null => string.Format(CultureInfo.InvariantCulture, Format, shown),
            string or not System.Collections.IEnumerable => LanguagePrimitives.ToText(shown),
            _ => "{" + string.Join(", ", ((System.Collections.IEnumerable)shown).Cast<object?>().Select(LanguagePrimitives.ToText)) + "}",
        };
    }
}

/// <summary>The views of the module's Format.ps1xml: tables and lists of properties, which is all that the file uses.</summary>
internal sealed class FormatViews
{
    private readonly Dictionary<string, IReadOnlyList<FormatItem>> _tables = [], _lists = [];

    public FormatViews(XDocument? file)
    {
        FormatItem modified = new("Modified", "LastWriteTime", "{0:yyyy-MM-dd HH:mm}", 16), name = new("Name", "FullName");
        _tables["System.IO.FileInfo"] = [modified, new("Bytes", "Length", "{0:#,0}", 15, true), name];
        _tables["System.IO.DirectoryInfo"] = [modified, new("Bytes", "", null, 15, true), name];
        foreach (var view in file?.Descendants("View") ?? [])
            foreach (var type in view.Descendants("TypeName").Select(t => t.Value.Trim()))
                if (view.Element("TableControl") is { } table) _tables.TryAdd(type, [.. Columns(table)]);
                else if (view.Element("ListControl") is { } list)
                    _lists.TryAdd(type, [.. list.Descendants("ListItem").Select(i => Item(i, i.Element("Label")?.Value))]);
    }

    /// <summary>The views beside the program.</summary>
    public static FormatViews Default { get; } = new(ModuleFiles.Load("MetricDepth.Format.ps1xml"));

    public IReadOnlyList<FormatItem>? TableFor(PSObject value) => value.TypeNames.Select(t => _tables.GetValueOrDefault(t)).FirstOrDefault(v => v is not null);

    /// <summary>The list view, or all properties where there is none.</summary>
    public IReadOnlyList<FormatItem> ListFor(PSObject value) =>
        value.TypeNames.Select(t => _lists.GetValueOrDefault(t)).FirstOrDefault(v => v is not null)
        ?? [.. value.Properties.Select(p => new FormatItem(p.Name, p.Name))];

    private static IEnumerable<FormatItem> Columns(XElement table)
    {
        var headers = table.Descendants("TableColumnHeader").ToList();
        return table.Descendants("TableColumnItem").Select((item, i) =>
        {
            var header = headers.ElementAtOrDefault(i);
            return Item(item, header?.Element("Label")?.Value) with
            {
                Width = (int?)header?.Element("Width"),
                AlignRight = ((string?)item.Element("Alignment") ?? (string?)header?.Element("Alignment"))?.Trim() == "Right",
            };
        });
    }

    private static FormatItem Item(XElement item, string? label)
    {
        string property = item.Element("PropertyName")?.Value.Trim() ?? "";
        return new FormatItem(label?.Trim() ?? property, property, item.Element("FormatString")?.Value);
    }
}
