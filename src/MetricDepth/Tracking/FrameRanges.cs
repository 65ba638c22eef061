using System.Globalization;
using System.Text;

namespace MetricDepth.Tracking;

/// <summary>Frame numbers as people write them: <c>3, 10-14 and 25 more</c>. Frames are added in order.</summary>
internal sealed class FrameRanges
{
    private const int MaxNamed = 8;

    private readonly List<(long First, long Last)> _named = [];
    private long _lastAdded = -2, _told;

    /// <summary>How many frames.</summary>
    public long Count { get; private set; }

    public void Add(long frame)
    {
        Count++;
        if (_named.Count > 0 && frame == _lastAdded + 1 && _named[^1].Last == _lastAdded)
        {
            _named[^1] = (_named[^1].First, frame);
            _told++;
        }
        else if (_named.Count < MaxNamed)
        {
            _named.Add((frame, frame));
            _told++;
        }
        _lastAdded = frame;
    }

    /// <summary>Begins with <c>frame</c> or <c>frames</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Count == 1 ? "frame " : "frames ");
        for (int i = 0; i < _named.Count; i++)
        {
            if (i > 0) text.Append(", ");
            text.Append(CultureInfo.InvariantCulture, $"{_named[i].First}");
            if (_named[i].Last > _named[i].First) text.Append(CultureInfo.InvariantCulture, $"-{_named[i].Last}");
        }
        if (Count > _told) text.Append(CultureInfo.InvariantCulture, $" and {Count - _told} more");
        return text.ToString();
    }
}
