using System.Management.Automation;

namespace MetricDepth.CommandLine.Display;

/// <summary>Prints objects as they come: rows under their view's header, text as it is, anything else as a list.</summary>
/// <param name="output">Where to.</param>
/// <param name="views">How types look.</param>
/// <param name="terminalWidth">Columns of the terminal; null for a file, where nothing is cut off.</param>
internal sealed class TableWriter(TextWriter output, FormatViews views, int? terminalWidth)
{
    private IReadOnlyList<FormatItem>? _current;

    public void Write(object? value)
    {
        if (value is null) return;
        var wrapped = PSObject.AsPSObject(value);
        if (views.TableFor(wrapped) is { } columns) WriteRow(columns, wrapped);
        else
        {
            _current = null;
            bool isText = wrapped.BaseObject is string or IFormattable or bool or Exception;
            output.WriteLine(isText ? wrapped.ToString() : ListText(views, wrapped));
        }
    }

    /// <summary>An object as one property a line.</summary>
    public static string ListText(FormatViews views, PSObject value)
    {
        var items = views.ListFor(value);
        int width = items.Select(i => i.Label.Length).DefaultIfEmpty().Max();
        return string.Concat(items.Select(i => $"{i.Label.PadRight(width)} : {i.TextOf(value)}{Environment.NewLine}"));
    }

    private void WriteRow(IReadOnlyList<FormatItem> columns, PSObject value)
    {
        if (!ReferenceEquals(columns, _current))
        {
            if (_current is not null) output.WriteLine();
            _current = columns;
            output.WriteLine(Line(columns, columns.Select(c => c.Label)));
            output.WriteLine(Line(columns, columns.Select(c => new string('-', c.Label.Length))));
        }
        output.WriteLine(Line(columns, columns.Select(c => c.TextOf(value))));
    }

    private string Line(IReadOnlyList<FormatItem> columns, IEnumerable<string> cells)
    {
        int free = (terminalWidth ?? 0) - columns.Sum(c => c.Width ?? 0) - columns.Count;
        int share = Math.Max(10, free / Math.Max(1, columns.Count(c => c.Width is null)));
        return string.Join(' ', cells.Select((text, i) =>
        {
            int width = columns[i].Width ?? (terminalWidth is null ? 0 : share);
            if (terminalWidth is not null && text.Length > width) text = text[..(width - 1)] + "…";
            return columns[i].AlignRight ? text.PadLeft(width) : text.PadRight(width);
        })).TrimEnd();
    }
}
