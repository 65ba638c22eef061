using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>A whole file as memory, read-only; only what is looked at is loaded.</summary>
/// <remarks>
/// What was looked at through <see cref="Bytes"/> counts as this process's memory until the file is closed: good for a list of tensors. Their
/// numbers are looked at through <see cref="Map"/>, which lets go of them.
/// </remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly byte* _start;
    private bool _disposed;

    private MappedFile(string path, long length, MemoryMappedFile map)
    {
        (Path, Length, _map) = (path, length, map);
        _view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        _handle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Bytes in it.</summary>
    public long Length { get; }

    /// <summary>What can be wrong with it.</summary>
    public CheckpointFailures Failures => new(Path);

    /// <summary>Maps a file.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointNotFound</c>, <c>CheckpointNotReadable</c>; <c>CheckpointMalformed</c>: it is empty.</exception>
    public static MappedFile Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new MetricDepthException("CheckpointNotFound", FailureKind.NotFound, $"There is no checkpoint '{path}'. Give the path of a .pth or .safetensors file.");
        MemoryMappedFile? map = null;
        try
        {
            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            long length = stream.Length;
            if (length == 0) throw new CheckpointFailures(full).Malformed("there is nothing in it");
            map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new(full, length, map);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            map?.Dispose();
            throw new MetricDepthException("CheckpointNotReadable", FailureKind.Storage, $"'{full}' cannot be read: {e.Message} Check its permissions.", e);
        }
    }

    /// <summary>A part of the file.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (offset < 0 || offset > Length - count) throw new ArgumentOutOfRangeException(nameof(offset));
        return new(_start + offset, count);
    }

    /// <summary>A part of the file for as long as it is held.</summary>
    public MappedPart Map(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (offset < 0 || offset > Length - count) throw new ArgumentOutOfRangeException(nameof(offset));
        return new(_map, offset, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _handle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
