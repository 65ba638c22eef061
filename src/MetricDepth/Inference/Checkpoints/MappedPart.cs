using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>A part of a file as memory, until it is disposed of.</summary>
internal readonly unsafe ref struct MappedPart : IDisposable
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly SafeMemoryMappedViewHandle? _handle;

    /// <summary>Maps a part that lies within the file.</summary>
    public MappedPart(MemoryMappedFile map, long offset, int count)
    {
        if (count == 0) return; // would mean the whole file
        _view = map.CreateViewAccessor(offset, count, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        byte* start = null;
        _handle.AcquirePointer(ref start);
        Bytes = new(start + _view.PointerOffset, count);
    }

    /// <summary>What is in it.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        _handle?.ReleasePointer();
        _view?.Dispose();
    }
}
