using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Motion.Measurement;

/// <summary>
/// Frames that were read once, kept in a scratch file: solvers pass over a clip more than once, and decoding its depth again would cost more than
/// solving. Where the disk is full it keeps nothing.
/// </summary>
internal sealed class SightingStore : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "metricdepth-" + Guid.NewGuid().ToString("N"));
    private FileStream? _writing;
    private long _frames;

    /// <summary>Whether everything is in it.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Begin()
    {
        IsComplete = false;
        _frames = 0;
        _writing?.Dispose();
        try
        {
            _writing = new(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _writing = null;
        }
    }

    /// <summary>Keeps a frame.</summary>
    public void Add(SightedFrame frame)
    {
        if (_writing is null) return;
        try
        {
            Span<int> head = [frame.Ids.Length, frame.Depths.Length];
            _writing.Write(MemoryMarshal.AsBytes(head));
            _writing.Write(MemoryMarshal.AsBytes(frame.Ids.AsSpan()));
            _writing.Write(MemoryMarshal.AsBytes(frame.Points.AsSpan()));
            _writing.Write(MemoryMarshal.AsBytes(frame.Depths.AsSpan()));
            _frames++;
        }
        catch (IOException)
        {
            Drop();
        }
    }

    /// <summary>All frames are in it.</summary>
    public void End()
    {
        if (_writing is null) return;
        try
        {
            _writing.Flush();
            IsComplete = true;
        }
        catch (IOException)
        {
            Drop();
        }
    }

    /// <summary>The frames again.</summary>
    public IEnumerable<SightedFrame> Read(CancellationToken cancellation)
    {
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var head = new int[2];
        for (long frame = 0; frame < _frames; frame++)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.ReadExactly(MemoryMarshal.AsBytes(head.AsSpan()));
            var sighted = new SightedFrame(frame, new int[head[0]], new Vector2[head[0]], new float[head[1]]);
            stream.ReadExactly(MemoryMarshal.AsBytes(sighted.Ids.AsSpan()));
            stream.ReadExactly(MemoryMarshal.AsBytes(sighted.Points.AsSpan()));
            stream.ReadExactly(MemoryMarshal.AsBytes(sighted.Depths.AsSpan()));
            yield return sighted;
        }
    }

    public void Dispose() => Drop();

    private void Drop()
    {
        _writing?.Dispose();
        _writing = null;
        IsComplete = false;
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it lies in the folder for such files
        }
    }
}
