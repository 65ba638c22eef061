using System.ComponentModel;
using System.Management.Automation;
using MetricDepth.CommandLine.Display;

namespace MetricDepth.CommandLine.Commands;

/// <summary>Shows objects with one property a line.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
[Alias("fl")]
[OutputType(typeof(string))]
[Description("Shows objects with one property a line.")]
public sealed class FormatListCommand : PSCmdlet
{
    /// <summary>The properties, wildcards allowed; the type's own list view when left out.</summary>
    [Parameter(Position = 0)]
    public string[]? Property { get; set; }

    /// <summary>What to show.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var shown = InputObject;
        if (Property is not null)
        {
            shown = new PSObject();
            foreach (var wildcard in Property.Select(p => new WildcardPattern(p, WildcardOptions.IgnoreCase)))
                foreach (var p in InputObject.Properties.Where(p => wildcard.IsMatch(p.Name)))
                    shown.Properties.Add(new PSNoteProperty(p.Name, p.Value));
        }
        WriteObject(TableWriter.ListText(FormatViews.Default, shown));
    }
}
