using System.Management.Automation;

namespace MetricDepth.PowerShell;

/// <summary>A command that takes files: resolves -Path and -LiteralPath once for all commands.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class PathCommand<TOptions, TResult> : OperationCommand<TOptions, TResult>
{
    /// <summary>The parameter set of -Path.</summary>
    protected const string PathSet = "Path";

    /// <summary>The parameter set of -LiteralPath.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    /// <summary>Files to take; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to take, exactly as written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Whether a folder is an input of its own.</summary>
    protected virtual bool TakesFolders => false;

    /// <summary>Does the work for one input, given by its full path.</summary>
    protected abstract void ProcessPath(string path);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach (string path in literal ? LiteralPath : Path)
            Guard(path, () =>
            {
                foreach (string file in literal ? [ResolveLiteral(path)] : ResolveWildcard(path))
                {
                    if (Cancellation.IsCancellationRequested) return;
                    Guard(file, () => ProcessExisting(file));
                }
            });
    }

    /// <summary>Does the work for objects instead of files, one after the other; a failure of one does not keep the others from it.</summary>
    protected void ProcessEach<T>(IEnumerable<T> inputs, Action<T> process)
        where T : notnull
    {
        foreach (var input in inputs)
        {
            if (Cancellation.IsCancellationRequested) return;
            Guard(input, () => process(input));
        }
    }

    /// <summary>The full path of a file named by a parameter; it need not exist. Null stays null.</summary>
    protected string? ResolveOptional(string? path) => path is null ? null : ResolveLiteral(path);

    private void ProcessExisting(string path)
    {
        if (Directory.Exists(path))
        {
            if (!TakesFolders)
                throw new MetricDepthException("PathIsFolder", FailureKind.InvalidArgument,
                    $"'{path}' is a folder. Give files, for example with Get-ChildItem -File.");
        }
        else if (!File.Exists(path))
        {
            throw NotFound(path);
        }
        ProcessPath(path);
    }

    private string[] ResolveWildcard(string path)
    {
        // a file of exactly this name comes first: [ ] in names are far more common than in wildcards
        if (ExistingAsWritten(path) is { } file) return [file];
        try
        {
            var found = GetResolvedProviderPathFromPSPath(path, out var provider);
            bool wild = WildcardPattern.ContainsWildcardCharacters(path);
            string[] files = [.. found.Where(f => TakesFolders || !wild || !Directory.Exists(f))];
            return files.Length > 0 && provider.Name == "FileSystem" ? files : throw NotFound(path);
        }
        catch (ItemNotFoundException)
        {
            throw NotFound(path);
        }
    }

    private string ResolveLiteral(string path) =>
        ExistingAsWritten(path) ?? GetUnresolvedProviderPathFromPSPath(path);

    // 'a:b.mp4' is a good name outside Windows, but PowerShell would look for a drive 'a'
    private string? ExistingAsWritten(string path)
    {
        string full = System.IO.Path.GetFullPath(path, SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        return File.Exists(full) || Directory.Exists(full) ? full : null;
    }

    private static MetricDepthException NotFound(string path) => new("FileNotFound", FailureKind.NotFound,
        $"'{path}' matches no file. Check the name, and the folder you are in (Get-Location).");
}
