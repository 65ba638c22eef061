namespace MetricDepth;

/// <summary>
/// A file that is written under <c>name.partial</c> and takes its name only when it is complete: cancel, crash or a full disk
/// leave nothing under the final name.
/// </summary>
public sealed class PartialFile : IDisposable
{
    private readonly bool _overwrite;
    private bool _committed;

    private PartialFile(string finalPath, bool overwrite)
    {
        FinalPath = finalPath;
        TemporaryPath = finalPath + ".partial";
        _overwrite = overwrite;
    }

    /// <summary>The name it is to have, full path.</summary>
    public string FinalPath { get; }

    /// <summary>The name it has while it is written.</summary>
    public string TemporaryPath { get; }

    /// <summary>Checks that the destination can be written, before any work is done.</summary>
    /// <exception cref="MetricDepthException">It exists and overwriting was not asked for, its folder is missing or read-only.</exception>
    public static PartialFile Create(string destination, bool overwrite)
    {
        var file = new PartialFile(Path.GetFullPath(destination), overwrite);
        if (Directory.Exists(file.FinalPath))
            throw new MetricDepthException("DestinationIsFolder", FailureKind.InvalidArgument, $"'{file.FinalPath}' is a folder. Give a file name.");
        if (!Directory.Exists(Path.GetDirectoryName(file.FinalPath)))
            throw new MetricDepthException("DestinationFolderNotFound", FailureKind.NotFound,
                $"The folder '{Path.GetDirectoryName(file.FinalPath)}' does not exist. Make it first, or give another -DestinationPath.");
        if (!overwrite && File.Exists(file.FinalPath)) throw file.AlreadyExists();
        try
        {
            using (File.Create(file.TemporaryPath)) { }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new MetricDepthException("DestinationNotWritable", FailureKind.Storage,
                $"'{file.FinalPath}' cannot be written: {e.Message} Give another -DestinationPath.", e);
        }
        return file;
    }

    /// <summary>Writes the content, and then gives the file its final name.</summary>
    /// <param name="write">Writes into an empty stream, in which it may go back.</param>
    /// <exception cref="MetricDepthException"><c>FileNotWritten</c>: the disk is full, or gone.</exception>
    public void Complete(Action<Stream> write)
    {
        try
        {
            using var stream = new FileStream(TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
            write(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("FileNotWritten", FailureKind.Storage,
                $"'{FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
        Commit();
    }

    /// <summary>Gives the file its final name.</summary>
    public void Commit()
    {
        try
        {
            File.Move(TemporaryPath, FinalPath, _overwrite);
        }
        catch (IOException) when (!_overwrite && File.Exists(FinalPath))
        {
            throw AlreadyExists();
        }
        _committed = true;
    }

    /// <summary>Deletes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        if (_committed) return;
        try
        {
            File.Delete(TemporaryPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // nothing more can be done; its name says that it is not complete
        }
    }

    private MetricDepthException AlreadyExists() => new("DestinationExists", FailureKind.AlreadyExists,
        $"'{FinalPath}' exists. Give -Force to replace it, or another -DestinationPath.");
}
