namespace MetricDepth.Export.Cameras;

/// <summary>
/// Files that belong together: they get their names when all are complete. Without that, nothing is left of them, nor of the folders that were made.
/// </summary>
internal sealed class CameraFileSet : IDisposable
{
    private readonly string _destination;
    private readonly bool _isFolder, _overwrite;
    private readonly List<PartialFile> _files = [];
    private readonly List<string> _pictures = [], _folders = [];
    private bool _committed;

    public CameraFileSet(string destination, bool isFolder, bool overwrite)
    {
        (_destination, _isFolder, _overwrite) = (destination, isFolder, overwrite);
        if (isFolder && File.Exists(destination))
            throw new MetricDepthException("DestinationIsFile", FailureKind.InvalidArgument, $"'{destination}' is a file, and this format is a folder. Give a folder as -DestinationPath.");
    }

    /// <summary>Refuses before any work what exists already.</summary>
    public void ThrowIfTaken(IReadOnlyList<string> names)
    {
        foreach (string name in names) OutputName.ThrowIfUnusable(NameOf(name), _overwrite);
        if (!_isFolder && !Directory.Exists(Path.GetDirectoryName(_destination)))
            throw new MetricDepthException("DestinationFolderNotFound", FailureKind.NotFound,
                $"The folder '{Path.GetDirectoryName(_destination)}' does not exist. Make it first, or give another -DestinationPath.");
    }

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its name in the folder; empty for the destination itself.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="isPicture">One of many, which is not handed on.</param>
    public void Add(string name, Action<Stream> write, bool isPicture = false)
    {
        string full = NameOf(name);
        MakeFolder(Path.GetDirectoryName(full)!);
        var file = PartialFile.Create(full, _overwrite);
        try
        {
            using (var stream = new FileStream(file.TemporaryPath, FileMode.Create, FileAccess.Write)) write(stream);
            if (isPicture) file.Commit();
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is not IOException) throw;
            throw new MetricDepthException("CameraFileNotWritten", FailureKind.Storage,
                $"'{full}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
        if (isPicture) _pictures.Add(full);
        else _files.Add(file);
    }

    /// <summary>Gives all files their names.</summary>
    /// <returns>The names, without pictures.</returns>
    public IReadOnlyList<string> Commit()
    {
        foreach (var file in _files) file.Commit();
        _committed = true;
        return [.. _files.Select(f => f.FinalPath)];
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
        if (_committed) return;
        try
        {
            foreach (string picture in _pictures) File.Delete(picture);
            for (int i = _folders.Count - 1; i >= 0; i--)
                if (!Directory.EnumerateFileSystemEntries(_folders[i]).Any()) Directory.Delete(_folders[i]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what stays behind is complete, or named .partial
        }
    }

    private string NameOf(string name) => name.Length == 0 ? _destination : Path.Combine(_destination, name.Replace('/', Path.DirectorySeparatorChar));

    private void MakeFolder(string folder)
    {
        if (!_isFolder || Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { } parent) MakeFolder(parent);
        Directory.CreateDirectory(folder);
        _folders.Add(folder);
    }
}
