using System.Management.Automation;

namespace MetricDepth.PowerShell;

/// <summary>A command that writes files: decides where its result goes, once for all commands.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class WritingCommand<TOptions, TResult> : PathCommand<TOptions, TResult>
{
    // of what is written into folders, a file for each frame
    private static readonly string[] FileEndings = [".glb", ".gltf", ".obj", ".ply", ".las", ".png", ".exr", ".txt", ".json"];

    private readonly HashSet<string> _destinations = new(
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    private string? _folderToMake;

    /// <summary>The file or folder to write to.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Replace existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// The file that a result goes to; refuses one that exists (unless -Force), that is an input, or that this command has written
    /// already.
    /// </summary>
    protected string ClaimDestination(string defaultPath, params string?[] inputs)
    {
        string? resolved = ResolveOptional(DestinationPath);
        // resolving may drop the separator that says "a folder"
        if (resolved is not null && System.IO.Path.EndsInDirectorySeparator(DestinationPath))
            _folderToMake = resolved = System.IO.Path.TrimEndingDirectorySeparator(resolved) + System.IO.Path.DirectorySeparatorChar;
        string file = OutputName.Resolve(resolved, defaultPath);
        ThrowIfTaken(file, "With several inputs give a folder as -DestinationPath.");
        OutputName.ThrowIfUnusable(file, Force, inputs);
        return file;
    }

    /// <summary>The folder that the files of one input go to; refuses one that another input of this command has.</summary>
    protected string ClaimFolder(string defaultFolder)
    {
        string folder = ResolveOptional(DestinationPath) ?? defaultFolder;
        // a folder called room.glb would be made without a word, and then not be found
        if (DestinationPath is not null && !System.IO.Path.EndsInDirectorySeparator(DestinationPath) && !Directory.Exists(folder)
            && FileEndings.Contains(System.IO.Path.GetExtension(folder), StringComparer.OrdinalIgnoreCase))
            throw new MetricDepthException("DestinationIsFile", FailureKind.InvalidArgument,
                $"'{DestinationPath}' is the name of a file, and what is written goes into a folder. Give a folder as -DestinationPath, and the kind of file as -Format.");
        // frames of different clips have the same names
        ThrowIfTaken(folder, "With several inputs leave -DestinationPath out: each gets a folder of its own beside it.");
        return folder;
    }

    /// <summary>Asks whether to write (-WhatIf, -Confirm); if so, a destination folder that was named as one is made.</summary>
    protected bool ShouldWrite(string destination, string action)
    {
        if (!ShouldProcess(destination, action)) return false;
        if (_folderToMake is not null) Directory.CreateDirectory(_folderToMake);
        return true;
    }

    private void ThrowIfTaken(string destination, string advice)
    {
        if (!_destinations.Add(destination))
            throw new MetricDepthException("DestinationTaken", FailureKind.AlreadyExists,
                $"'{destination}' holds the result of another input of this command. {advice}");
    }
}
