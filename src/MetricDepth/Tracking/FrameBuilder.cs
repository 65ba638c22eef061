using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>
/// Makes sound frames of what a tracking file holds: positions that are no numbers are left out, and so is a point that is said to be in two places
/// at once; tracks are put in order of their numbers.
/// </summary>
internal sealed class FrameBuilder
{
    /// <summary>The most points in a frame.</summary>
    public const int MaxPoints = 1 << 20;

    // further off a position is a mistake, and single-precision numbers lose the pixel's fractions
    private const double MaxPosition = 1e6;

    private int[] _ids = new int[256];
    private Vector2[] _points = new Vector2[256];
    private int _count;

    /// <summary>Sightings left out so far.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Reads the frame that the scanner is in, to its end.</summary>
    public TrackedFrame Read(TrackFileScanner scanner)
    {
        ReadIds(scanner);
        return new(scanner.Frame, false, _ids[.._count], _points[.._count]);
    }

    /// <summary>Reads the frame that the scanner is in, to its end; gives the tracks it holds, until the next frame is read.</summary>
    public ReadOnlySpan<int> ReadIds(TrackFileScanner scanner)
    {
        _count = 0;
        bool isAscending = true;
        while (scanner.NextPoint(out var p))
        {
            // a comparison with NaN is false
            if (p.Id is not { } id || !(Math.Abs(p.X) <= MaxPosition && Math.Abs(p.Y) <= MaxPosition))
            {
                LeftOut++;
                continue;
            }
            if (_count == _ids.Length)
            {
                if (_count == MaxPoints) throw scanner.Malformed($"a frame holds more than {MaxPoints} points");
                Array.Resize(ref _ids, 2 * _count);
                Array.Resize(ref _points, 2 * _count);
            }
            isAscending &= _count == 0 || id > _ids[_count - 1];
            _ids[_count] = id;
            _points[_count++] = new((float)p.X, (float)p.Y);
        }
        if (!isAscending) Sort();
        return _ids.AsSpan(0, _count);
    }

    private void Sort()
    {
        Array.Sort(_ids, _points, 0, _count);
        int kept = 0;
        for (int i = 0; i < _count;)
        {
            int end = i + 1;
            bool isOnePlace = true;
            for (; end < _count && _ids[end] == _ids[i]; end++) isOnePlace &= _points[end] == _points[i];
            if (isOnePlace)
            {
                _ids[kept] = _ids[i];
                _points[kept++] = _points[i];
                LeftOut += end - i - 1;
            }
            else
            {
                LeftOut += end - i;
            }
            i = end;
        }
        _count = kept;
    }
}
