namespace MetricDepth.Export.DepthVideos;

/// <summary>One file that holds all frames and gets its name when it is complete.</summary>
internal abstract class ArrayTarget : DepthVideoTarget
{
    private const int BufferBytes = 1 << 20;
    private readonly PartialFile _file;

    /// <summary>Creates the file under its temporary name.</summary>
    /// <param name="facts">What will be written.</param>
    protected ArrayTarget(DepthVideoFacts facts)
    {
        _file = PartialFile.Create(facts.Destination, facts.Options.Overwrite);
        Stream = new FileStream(_file.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
    }

    /// <summary>The file.</summary>
    protected Stream Stream { get; }

    /// <summary>Adds a frame.</summary>
    protected abstract void Add(long frame, DepthFrameEncoder encoded);

    /// <summary>Writes what is only known at the end.</summary>
    protected abstract void Finish();

    /// <inheritdoc/>
    public sealed override void Write(long frame, DepthFrameEncoder encoded) => Guard(() => Add(frame, encoded));

    /// <inheritdoc/>
    public sealed override FileSystemInfo Complete()
    {
        Guard(() =>
        {
            Finish();
            Stream.Dispose();
        });
        _file.Commit();
        return new FileInfo(_file.FinalPath);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // a full disk, which has been told already
        }
        _file.Dispose();
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw new MetricDepthException("FrameNotWritten", FailureKind.Storage,
                $"'{_file.FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
    }
}
