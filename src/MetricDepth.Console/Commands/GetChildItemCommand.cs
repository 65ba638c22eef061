using System.ComponentModel;
using System.Management.Automation;

namespace MetricDepth.CommandLine.Commands;

/// <summary>Lists files and folders, so that a pipeline can begin with them.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
[Alias("gci", "ls", "dir")]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
[Description("Lists files and folders, to begin a pipeline with.")]
public sealed class GetChildItemCommand : PSCmdlet
{
    /// <summary>Files, folders, wildcards; the current folder when left out.</summary>
    [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>Files and folders whose names may hold wildcard characters.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralItems", ValueFromPipelineByPropertyName = true), Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Only names that match this wildcard.</summary>
    [Parameter(Position = 1)]
    public string Filter { get; set; } = "*";

    /// <summary>Also in the folders below.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>No folders.</summary>
    [Parameter]
    public SwitchParameter File { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == "LiteralItems";
        foreach (string path in literal ? LiteralPath : Path)
            try
            {
                bool wild = !literal && WildcardPattern.ContainsWildcardCharacters(path);
                string text = literal ? WildcardPattern.Escape(path) : path;
                foreach (string item in GetResolvedProviderPathFromPSPath(text, out _))
                    if (Directory.Exists(item) && !wild) WriteFolder(item);
                    else Write(item);
            }
            catch (ItemNotFoundException e)
            {
                WriteError(new ErrorRecord(e, "PathNotFound", ErrorCategory.ObjectNotFound, path));
            }
    }

    private void WriteFolder(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = Recurse, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden };
        foreach (string item in Directory.EnumerateFileSystemEntries(folder, "*", options).Order(StringComparer.OrdinalIgnoreCase)) Write(item);
    }

    private void Write(string item)
    {
        FileSystemInfo info = Directory.Exists(item) ? new DirectoryInfo(item) : new FileInfo(item);
        if ((File && info is DirectoryInfo) || !new WildcardPattern(Filter, WildcardOptions.IgnoreCase).IsMatch(info.Name)) return;
        var wrapped = new PSObject(info);
        wrapped.Properties.Add(new PSNoteProperty("PSPath", info.FullName));
        WriteObject(wrapped);
    }
}
