using System.Buffers;
using System.Buffers.Text;
using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>Writes a tracking file frame by frame; it gets its name when it is complete.</summary>
internal sealed class PointTracksWriter : IDisposable
{
    private const int FlushBytes = 1 << 16;

    // [-2147483648,-1000000.000,-1000000.000], and some
    private const int PointBytes = 64;

    private readonly PartialFile _file;
    private readonly FileStream _stream;
    private readonly ArrayBufferWriter<byte> _pending = new(2 * FlushBytes);
    private readonly List<long> _starts = [];
    private readonly TrackTotalling _totals = new();
    private long _flushed;
    private bool _finished;

    private PointTracksWriter(PartialFile file) => (_file, _stream) = (file, new(file.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));

    /// <summary>Begins a file.</summary>
    /// <exception cref="MetricDepthException">It exists (and overwriting was not asked for) or cannot be written.</exception>
    public static PointTracksWriter Open(string destination, bool overwrite)
    {
        var file = PartialFile.Create(destination, overwrite);
        try
        {
            var writer = new PointTracksWriter(file);
            writer._pending.Write("["u8);
            return writer;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Frames written so far.</summary>
    public int FramesWritten => _starts.Count;

    /// <summary>Where the file lies while it is written.</summary>
    public string TemporaryPath => _file.TemporaryPath;

    /// <summary>Writes one frame.</summary>
    /// <param name="ids">Track numbers, ascending.</param>
    /// <param name="points">Positions at the clip's size, px; written to a thousandth.</param>
    public void Write(ReadOnlySpan<int> ids, ReadOnlySpan<Vector2> points)
    {
        if (_starts.Count == PointTracks.MaxFrames)
            throw new MetricDepthException("ClipTooLong", FailureKind.InvalidArgument, $"A tracking file holds at most {PointTracks.MaxFrames} frames. Give -MaxFrames, or cut the clip.");
        // a frame a line: the file can be looked at
        if (_starts.Count > 0) _pending.Write(",\n"u8);
        _starts.Add(_flushed + _pending.WrittenCount);
        _pending.Write("["u8);
        for (int i = 0; i < ids.Length; i++)
        {
            WritePoint(ids[i], points[i], i > 0);
            if (_pending.WrittenCount > FlushBytes) Flush();
        }
        _pending.Write("]"u8);
        _totals.Add(ids);
        if (_pending.WrittenCount > FlushBytes) Flush();
    }

    /// <summary>Ends the file, but leaves it under its temporary name.</summary>
    public PointTracks Finish(string? colorPath)
    {
        _pending.Write("]\n"u8);
        Flush();
        _stream.Dispose();
        _finished = true;
        return new(TemporaryPath, colorPath, _starts, _totals.Totals);
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public PointTracks Complete(string? colorPath)
    {
        if (!_finished) Finish(colorPath);
        _file.Commit();
        return new(_file.FinalPath, colorPath, _starts, _totals.Totals);
    }

    /// <summary>Deletes the file unless it is complete.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private void WritePoint(int id, Vector2 point, bool follows)
    {
        var span = _pending.GetSpan(PointBytes);
        int n = 0;
        if (follows) span[n++] = (byte)',';
        span[n++] = (byte)'[';
        Utf8Formatter.TryFormat(id, span[n..], out int used);
        n += used;
        span[n++] = (byte)',';
        n += Thousandths(point.X, span[n..]);
        span[n++] = (byte)',';
        n += Thousandths(point.Y, span[n..]);
        span[n++] = (byte)']';
        _pending.Advance(n);
    }

    private static int Thousandths(float value, Span<byte> to)
    {
        long all = (long)Math.Round(value * 1000.0);
        int n = 0;
        if (all < 0) to[n++] = (byte)'-';
        all = Math.Abs(all);
        Utf8Formatter.TryFormat(all / 1000, to[n..], out int used);
        n += used;
        to[n++] = (byte)'.';
        Utf8Formatter.TryFormat(all % 1000, to[n..], out used, new StandardFormat('D', 3));
        return n + used;
    }

    private void Flush()
    {
        try
        {
            _stream.Write(_pending.WrittenSpan);
        }
        catch (IOException e)
        {
            throw new MetricDepthException("TracksNotWritten", FailureKind.Storage,
                $"'{_file.FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
        _flushed += _pending.WrittenCount;
        _pending.ResetWrittenCount();
    }
}
