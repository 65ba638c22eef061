using System.Globalization;

namespace MetricDepth.Export.Frames;

/// <summary>
/// A folder that gets one file for each frame, named by the frame's number in seven digits as the Python toolbox does
/// (<c>0000030.ply</c>). Each file gets its name when it is complete; a folder that was made and stayed empty is taken away again.
/// </summary>
internal sealed class FrameFolder : IDisposable
{
    private readonly string _extension;
    private readonly bool _overwrite;
    private readonly bool _made;
    private long _written;

    /// <summary>Checks that no file is in the way, and makes the folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="extension">What names end with, with its dot.</param>
    /// <param name="overwrite">Replace existing files.</param>
    /// <param name="frames">The frames that will come, as far as they are known.</param>
    /// <exception cref="MetricDepthException">A file exists already, or the folder cannot be made.</exception>
    public FrameFolder(string path, string extension, bool overwrite, IEnumerable<long> frames)
    {
        (Path, _extension, _overwrite) = (System.IO.Path.GetFullPath(path), extension, overwrite);
        if (Directory.Exists(Path))
        {
            if (overwrite) return;
            foreach (long frame in frames) OutputName.ThrowIfUnusable(FilePath(frame), overwrite: false);
            return;
        }
        try
        {
            Directory.CreateDirectory(Path);
            _made = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("DestinationNotWritable", FailureKind.Storage,
                $"The folder '{Path}' cannot be made: {e.Message} Give another -DestinationPath.", e);
        }
    }

    /// <summary>The folder, full path.</summary>
    public string Path { get; }

    /// <summary>The file of a frame.</summary>
    /// <param name="frame">The frame's number in the video, from 0.</param>
    public string FilePath(long frame) => System.IO.Path.Combine(Path, frame.ToString("D7", CultureInfo.InvariantCulture) + _extension);

    /// <summary>Writes the file of a frame.</summary>
    /// <param name="frame">The frame's number in the video, from 0.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="MetricDepthException">It exists, or the disk does not take it.</exception>
    public FileInfo Save(long frame, Action<Stream> write)
    {
        using var file = PartialFile.Create(FilePath(frame), _overwrite);
        try
        {
            using var stream = File.Create(file.TemporaryPath);
            write(stream);
        }
        catch (IOException e)
        {
            throw new MetricDepthException("FrameNotWritten", FailureKind.Storage,
                $"'{file.FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
        file.Commit();
        _written++;
        return new(file.FinalPath);
    }

    /// <summary>How many files of this kind the folder holds that were not written here: those of an earlier export of other frames.</summary>
    public long CountOthers() => Directory.EnumerateFiles(Path, "*" + _extension).LongCount() - _written;

    /// <summary>Takes the folder away if it was made here and holds nothing.</summary>
    public void Dispose()
    {
        try
        {
            if (_made && !Directory.EnumerateFileSystemEntries(Path).Any()) Directory.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // an empty folder that stays does no harm
        }
    }
}
