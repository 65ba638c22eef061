using System.Buffers.Text;
using System.Globalization;

namespace MetricDepth.Tracking;

/// <summary>
/// Goes through a tracking file piece by piece: an array of frames, each an array of <c>[id, x, y]</c>, further numbers in a point ignored. A
/// reader of its own, because Python writes bare <c>NaN</c> and <c>Infinity</c>, at which every JSON reader stops; and because nothing but numbers in
/// arrays three deep can occur, it needs no memory but its buffer.
/// </summary>
internal sealed class TrackFileScanner : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private const int EndOfFile = -1;

    // Python writes a double in 25 characters at most
    private const int MaxNumberBytes = 64;

    private readonly Stream _stream;
    private readonly string _path;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly byte[] _number = new byte[MaxNumberBytes];
    private readonly CancellationToken _cancellation;
    private int _next, _length;
    private long _bufferStart;
    private bool _inFrame;

    public TrackFileScanner(string path, CancellationToken cancellation)
    {
        _path = path;
        _cancellation = cancellation;
        // the buffer is here
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
    }

    /// <summary>0-based number of the frame it is in.</summary>
    public long Frame { get; private set; } = -1;

    /// <summary>Where in the file the frame begins, bytes.</summary>
    public long FrameStart { get; private set; }

    /// <summary>Goes into a frame whose place is known.</summary>
    public void JumpTo(long frame, long start)
    {
        _stream.Position = _bufferStart = start;
        _next = _length = 0;
        Frame = frame - 1;
        EnterFrame();
    }

    /// <summary>Goes into the next frame; false at the end of the file.</summary>
    /// <exception cref="MetricDepthException">The file is not what it should be, or breaks off.</exception>
    public bool NextFrame()
    {
        if (Frame < 0)
        {
            SkipByteOrderMark();
            Expect('[', "it does not begin with [");
            if (Peek() == ']') return EndFile();
        }
        else
        {
            while (_inFrame) NextPoint(out _);
            int next = Take();
            if (next == ']') return EndFileAfterBracket();
            if (next != ',') throw Malformed(next == EndOfFile ? "it breaks off" : "something other than , or ] follows a frame");
        }
        EnterFrame();
        return true;
    }

    /// <summary>Takes the frame's next point; false at the end of the frame. A value that is not a number (NaN, null) is NaN.</summary>
    public bool NextPoint(out ScannedPoint point)
    {
        point = default;
        if (!_inFrame) return false;
        int next = Take();
        if (next == ']')
        {
            _inFrame = false;
            return false;
        }
        if (next == ',') next = Take();
        if (next != '[') throw Malformed(next == EndOfFile ? "it breaks off" : "a frame holds something other than [id, x, y]");
        double id = Number();
        Expect(',', "a point has fewer than three numbers");
        double x = Number();
        Expect(',', "a point has fewer than three numbers");
        double y = Number();
        while ((next = Take()) == ',') Number();
        if (next != ']') throw Malformed(next == EndOfFile ? "it breaks off" : "a point does not end with ]");
        if (Peek() is not (',' or ']')) throw Malformed(Peek() == EndOfFile ? "it breaks off" : "something other than , or ] follows a point");
        if (!double.IsNaN(id) && (id != Math.Truncate(id) || Math.Abs(id) > int.MaxValue))
            throw Malformed(string.Create(CultureInfo.InvariantCulture, $"the track number {id} is not a whole number up to {int.MaxValue}"));
        point = new(double.IsNaN(id) ? null : (int)id, x, y);
        return true;
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>A failure that says where.</summary>
    public MetricDepthException Malformed(string why) => new("TracksMalformed", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
        $"'{_path}' is not a tracking file: {why} (frame {Math.Max(0, Frame)}, byte {_bufferStart + _next}). A tracking file is JSON, an array per frame of [id, x, y]; make one with Get-PointTrack."));

    private void EnterFrame()
    {
        Frame++;
        int next = Peek();
        FrameStart = _bufferStart + _next;
        if (next != '[') throw Malformed(next == EndOfFile ? "it breaks off" : "a frame is not an array");
        _next++;
        _inFrame = true;
        // [, is no frame
        if (Peek() == ',') throw Malformed("a frame begins with ,");
    }

    private bool EndFile()
    {
        _next++;
        return EndFileAfterBracket();
    }

    private bool EndFileAfterBracket()
    {
        if (Peek() != EndOfFile) throw Malformed("something follows the last frame");
        return false;
    }

    private void Expect(char wanted, string why)
    {
        int next = Take();
        if (next != wanted) throw Malformed(next == EndOfFile ? "it breaks off" : why);
    }

    private double Number()
    {
        int first = Peek(), length = 0;
        for (; Raw() is var c && c != EndOfFile && IsWord((byte)c); _next++)
            _number[length < MaxNumberBytes ? length++ : throw Malformed("a number is too long")] = (byte)c;
        var word = _number.AsSpan(0, length);
        if (TryPlain(word, out double value)) return value;
        if (word.SequenceEqual("NaN"u8) || word.SequenceEqual("null"u8)) return double.NaN;
        if (word.SequenceEqual("Infinity"u8) || word.SequenceEqual("-Infinity"u8)) return double.NaN;
        // Utf8Parser would take "Infinity" in other spellings, and a leading +
        if (length > 0 && (first is '-' or >= '0' and <= '9') && Utf8Parser.TryParse(word, out value, out int used) && used == length) return double.IsFinite(value) ? value : double.NaN;
        throw Malformed(first == EndOfFile ? "it breaks off" : "something that is not a number stands in a point");
    }

    private static bool IsWord(byte c) => c is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'-' or (byte)'+' or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z';

    /// <summary>Up to fifteen digits with or without a point: exact, as both the digits and the power of ten are exact doubles.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> word, out double value)
    {
        value = 0;
        int at = word.Length > 0 && word[0] == '-' ? 1 : 0;
        if (word.Length == at || word.Length - at > 16 || word[at] == '.' || word[^1] == '.') return false;
        long digits = 0;
        int decimals = -1, count = 0;
        for (int i = at; i < word.Length; i++)
        {
            if (word[i] == '.' && decimals < 0) decimals = 0;
            else if (word[i] is >= (byte)'0' and <= (byte)'9')
            {
                digits = 10 * digits + (word[i] - '0');
                count++;
                if (decimals >= 0) decimals++;
            }
            else return false;
        }
        if (count > 15) return false;
        value = decimals > 0 ? digits / Powers[decimals] : digits;
        if (at == 1) value = -value;
        return true;
    }

    private static readonly double[] Powers = [.. Enumerable.Range(0, 16).Select(i => Math.Pow(10, i))];

    private void SkipByteOrderMark()
    {
        if (Raw() != 0xEF) return;
        _next++;
        if (Raw() != 0xBB) throw Malformed("it does not begin with [");
        _next++;
        if (Raw() != 0xBF) throw Malformed("it does not begin with [");
        _next++;
    }

    /// <summary>The next character that is no white space, taken.</summary>
    private int Take()
    {
        int c = Peek();
        if (c != EndOfFile) _next++;
        return c;
    }

    /// <summary>The next character that is no white space, left where it is.</summary>
    private int Peek()
    {
        while (true)
        {
            int c = Raw();
            if (c is not (' ' or '\n' or '\r' or '\t')) return c;
            _next++;
        }
    }

    private int Raw() => _next < _length || Fill() ? _buffer[_next] : EndOfFile;

    private bool Fill()
    {
        _cancellation.ThrowIfCancellationRequested();
        _bufferStart += _length;
        _next = 0;
        _length = _stream.Read(_buffer);
        return _length > 0;
    }
}

/// <summary>A point as it stands in the file.</summary>
/// <param name="Id">Its number; null where it has none.</param>
/// <param name="X">Column, px; may be NaN.</param>
/// <param name="Y">Row, px; may be NaN.</param>
internal readonly record struct ScannedPoint(int? Id, double X, double Y);
