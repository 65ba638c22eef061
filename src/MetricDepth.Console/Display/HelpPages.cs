using System.ComponentModel;
using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MetricDepth.CommandLine.Display;

/// <summary>Help as PowerShell shows it: text from the module's MAML file, syntax from the commands themselves.</summary>
internal sealed partial class HelpPages(CommandTable commands, XDocument? maml, int width = 100)
{
    private const string Usage = """
        metricdepth <Cmdlet> [arguments] ['|' <Cmdlet> [arguments]]...

        metricdepth ConvertTo-MetricDepth trip.mp4 '|' Invoke-StereoRender -HorizontalFov 63
        metricdepth '*.mp4' '|' ConvertTo-MetricDepth -MaxDepth 30 '|' Export-DepthPointCloud -Every 30

        """;

    private const string More = """
        metricdepth help <Cmdlet>            its parameters and examples
        metricdepth help about_MetricDepth   what it all is
        metricdepth complete                 how bash completes these commands
        """;

    private static readonly string s_end = Environment.NewLine;

    public string List()
    {
        int longest = commands.All.Max(c => c.Name.Length);
        var text = new StringBuilder(Usage).AppendLine();
        foreach (var command in commands.All)
            text.Append("  ").Append(command.Name.PadRight(longest + 2)).AppendLine(Wrap(Synopsis(command), longest + 4).TrimStart());
        return text.AppendLine().Append(More).ToString();
    }

    public string Page(CommandInfo command, bool examplesOnly)
    {
        var entry = Entry(command);
        var text = new StringBuilder();
        void Section(string title, string body)
        {
            if (body.Length > 0) text.AppendLine(title).AppendLine(body).AppendLine();
        }
        Section("NAME", "    " + command.Name);
        Section("SYNOPSIS", Wrap(Synopsis(command), 4));
        if (!examplesOnly)
        {
            Section("SYNTAX", string.Join(s_end, command.Sets.Select(s => Wrap(Syntax(command, command.MaskOf(s)), 4))));
            Section("DESCRIPTION", Wrap(Text(Child(entry, "description")), 4));
            Section("PARAMETERS", string.Join(s_end, command.Parameters.Where(p => !p.IsCommon).Select(p => ParameterText(p, entry))));
        }
        Section("EXAMPLES", string.Join(s_end, Descendants(entry, "example").Select(ExampleText)));
        return text.ToString().TrimEnd();
    }

    /// <summary><c>Name [-Path] &lt;string[]&gt; [-Force]</c> for one parameter set.</summary>
    public static string Syntax(CommandInfo command, uint set)
    {
        var parts = from p in command.Parameters
                    where (p.Mask & set) != 0 && p.Property.DeclaringType != typeof(CommonParameters)
                    let position = p.PositionIn(set)
                    let mandatory = (p.MaskWhere(a => a.Mandatory) & set) != 0
                    orderby position ?? int.MaxValue, !mandatory
                    let name = position is null ? "-" + p.Name : $"[-{p.Name}]"
                    let part = p.IsSwitch ? name : $"{name} <{TypeName(p.Type)}>"
                    select mandatory ? part : $"[{part}]";
        return string.Join(' ', parts.Prepend(command.Name).Append("[<CommonParameters>]"));
    }

    private string ParameterText(CommandParameter parameter, XElement? entry)
    {
        var described = Descendants(Child(entry, "parameters"), "parameter").FirstOrDefault(p => Child(p, "name")?.Value == parameter.Name);
        string values = parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set ? string.Join(", ", set.ValidValues)
            : (Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type) is { IsEnum: true } type ? string.Join(", ", Enum.GetNames(type)) : "";
        string aliases = parameter.Aliases.Count > 0 ? $"  ({string.Join(", ", parameter.Aliases)})" : "";
        var text = new StringBuilder($"    -{parameter.Name} <{TypeName(parameter.Type)}>{aliases}{s_end}");
        if (described is not null) text.Append(Wrap(Text(Child(described, "description")), 8)).Append(s_end);
        if (values.Length > 0) text.Append(Wrap($"One of {values}.", 8)).Append(s_end);
        return text.ToString();
    }

    private string ExampleText(XElement example) => string.Join(s_end,
        "    " + Child(example, "title")?.Value.Trim(),
        Wrap(Child(example, "code")?.Value.Trim() ?? "", 8),
        Wrap(Text(Child(example, "remarks")), 4),
        "");

    private string Synopsis(CommandInfo command) =>
        command.ImplementingType.GetCustomAttribute<DescriptionAttribute>()?.Description ?? Text(Child(Child(Entry(command), "details"), "description"));

    private XElement? Entry(CommandInfo command) =>
        maml?.Root?.Elements().FirstOrDefault(e => string.Equals(
            Child(Child(e, "details"), "name")?.Value.Trim(), command.Name, StringComparison.OrdinalIgnoreCase));

    private static string TypeName(Type type) => type switch
    {
        { IsArray: true } => TypeName(type.GetElementType()!) + "[]",
        _ when Nullable.GetUnderlyingType(type) is { } plain => TypeName(plain),
        _ when type == typeof(int) => "int",
        _ when type == typeof(long) => "long",
        _ when type == typeof(string) || type == typeof(double) || type == typeof(bool) || type == typeof(object) => type.Name.ToLowerInvariant(),
        _ => type.Name,
    };

    // MAML has three namespaces; the local names tell enough
    private static XElement? Child(XElement? element, string name) => element?.Elements().FirstOrDefault(e => e.Name.LocalName == name);
    private static IEnumerable<XElement> Descendants(XElement? element, string name) => element?.Descendants().Where(e => e.Name.LocalName == name) ?? [];
    private static string Text(XElement? element) => string.Join("\n", Descendants(element, "para").Select(p => p.Value.Trim()).Where(p => p.Length > 0));

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words { get; }

    private string Wrap(string text, int indent)
    {
        var lines = new List<string>();
        foreach (string paragraph in text.Split('\n'))
        {
            var line = new StringBuilder(new string(' ', indent));
            foreach (Match word in Words.Matches(paragraph))
            {
                if (line.Length > indent && line.Length + word.Length >= width)
                {
                    lines.Add(line.ToString());
                    line = new StringBuilder(new string(' ', indent));
                }
                line.Append(line.Length > indent ? " " : "").Append(word.Value);
            }
            if (line.Length > indent) lines.Add(line.ToString());
        }
        return string.Join(s_end, lines);
    }
}
