namespace MetricDepth.Export.Cameras.Readers;

/// <summary>Reads a text file line by line without ever holding more than one short line.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>The longest line that is taken; a pose takes some three hundred characters.</summary>
    public const int LongestLine = 1 << 14;

    private readonly FileStream _stream;
    private readonly CancellationToken _cancellation;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly byte[] _line = new byte[LongestLine];
    private int _next, _length;

    public LineReader(string path, CancellationToken cancellation)
    {
        (Path, _cancellation) = (path, cancellation);
        _stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of the line read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The next line without white space around it; false at the end of the file.</summary>
    /// <exception cref="MetricDepthException">It is longer than <see cref="LongestLine"/>.</exception>
    public bool Read(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (!Begin()) return false;
        int n = 0;
        while (Next(out byte b))
        {
            if (n == _line.Length) throw CameraFileProblem.AtLine(Path, Line, $"it is longer than {LongestLine} characters");
            _line[n++] = b;
        }
        line = _line.AsSpan(0, n);
        if (Line == 1) line = line.TrimStart("\uFEFF"u8);
        line = line.Trim(" \t\r"u8);
        return true;
    }

    /// <summary>The next line that is neither empty nor a comment (#).</summary>
    public bool ReadData(out ReadOnlySpan<byte> line)
    {
        while (Read(out line))
            if (line.Length > 0 && line[0] != (byte)'#') return true;
        return false;
    }

    /// <summary>Passes over a line, however long.</summary>
    public void Skip()
    {
        if (!Begin()) return;
        while (Next(out _)) { }
    }

    public void Dispose() => _stream.Dispose();

    private bool Begin()
    {
        if (_next == _length && !Fill()) return false;
        Line++;
        return true;
    }

    private bool Next(out byte b)
    {
        b = 0;
        if (_next == _length && !Fill()) return false;
        b = _buffer[_next++];
        return b != (byte)'\n';
    }

    private bool Fill()
    {
        _cancellation.ThrowIfCancellationRequested();
        _next = 0;
        _length = _stream.Read(_buffer);
        return _length > 0;
    }
}
