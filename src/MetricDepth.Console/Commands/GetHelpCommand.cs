using System.ComponentModel;
using System.Management.Automation;
using MetricDepth.CommandLine.Display;

namespace MetricDepth.CommandLine.Commands;

/// <summary>Lists the commands, or explains one.</summary>
[Cmdlet(VerbsCommon.Get, "Help")]
[Alias("help", "man")]
[OutputType(typeof(string))]
[Description("Lists the cmdlets, or explains one.")]
public sealed class GetHelpCommand : PSCmdlet
{
    /// <summary>The command or topic (about_MetricDepth) to explain; all are listed when left out.</summary>
    [Parameter(Position = 0)]
    public string? Name { get; set; }

    /// <summary>Examples only.</summary>
    [Parameter]
    public SwitchParameter Examples { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var pages = new HelpPages(CommandTable.Default, ModuleFiles.Load("en-US/MetricDepth.PowerShell.dll-Help.xml"));
        if (Name is null) WriteObject(pages.List());
        else if (CommandTable.Default.Find(Name) is { } command) WriteObject(pages.Page(command, Examples));
        else if (ModuleFiles.Text($"en-US/{Path.GetFileName(Name)}.help.txt") is { } topic) WriteObject(topic.TrimEnd());
        else
            WriteError(new ErrorRecord(new PSArgumentException($"There is no cmdlet '{Name}'. 'metricdepth help' lists them."),
                "HelpNotFound", ErrorCategory.ObjectNotFound, Name));
    }
}
