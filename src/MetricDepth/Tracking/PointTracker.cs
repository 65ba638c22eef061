using System.Numerics;
using MetricDepth.Imaging;

namespace MetricDepth.Tracking;

/// <summary>How points are tracked.</summary>
internal sealed record PointTrackerSettings
{
    /// <summary>Points wanted in a frame.</summary>
    public int Points { get; init; } = 600;

    /// <summary>Side of the grid cells that share out the points, as a share of the picture's diagonal; never under 12 px.</summary>
    public double Cell { get; init; } = 0.025;

    /// <summary>Pyramid levels.</summary>
    public int Levels { get; init; } = 5;

    /// <summary>Median motion of points since the last keyframe that makes a new one, as a share of the picture's diagonal.</summary>
    public double KeyframeMotion { get; init; } = 0.02;

    /// <summary>A keyframe is due when fewer than this share of the last one's points is left.</summary>
    public double KeyframeSurvivors { get; init; } = 0.75;

    /// <summary>A frame in which fewer than this share of the points is found again counts as lost.</summary>
    public double LostShare { get; init; } = 0.25;
}

/// <summary>
/// Tracks points through a video, frame by frame, and starts new ones at keyframes. Holds two pyramids and the live points,
/// whatever the clip's length. A frame that cannot be followed is skipped: the next one is tried against the last good frame.
/// </summary>
internal sealed class PointTracker
{
    /// <summary>Fewer points than this say nothing about a camera.</summary>
    public const int MinPoints = 24;

    // a blurred frame or two does not look like the first; a point that has changed for longer is another point
    private const int MaxMisses = 3;
    private const int AnchorChunk = 32;

    private readonly PointTrackerSettings _settings;
    private readonly CornerDetector _corners;
    private readonly double _keyframeDistance;
    private readonly List<Vector2> _found = [];
    private readonly bool[] _valid;
    private readonly Vector2[] _guesses, _moved;
    private readonly AnchorPatches _anchors;
    private readonly int[] _slots, _misses;
    private readonly Stack<int> _freeSlots;
    private ImagePyramid _previous, _current;
    private readonly int[] _ids;
    private readonly Vector2[] _points, _velocities, _keyPoints;
    private int _count, _keyCount, _nextId, _skipped;
    private long _frame;

    public PointTracker(int width, int height, PointTrackerSettings settings)
    {
        _settings = settings;
        double diagonal = Math.Sqrt((double)width * width + (double)height * height);
        _corners = new CornerDetector(width, height, Math.Max(12, (int)Math.Round(settings.Cell * diagonal)));
        _keyframeDistance = settings.KeyframeMotion * diagonal;
        _previous = new ImagePyramid(width, height, settings.Levels);
        _current = new ImagePyramid(width, height, settings.Levels);
        int n = settings.Points;
        _ids = new int[n];
        _valid = new bool[n];
        _points = new Vector2[n];
        _guesses = new Vector2[n];
        _moved = new Vector2[n];
        _velocities = new Vector2[n];
        _keyPoints = new Vector2[n];
        _anchors = new AnchorPatches(n);
        _slots = new int[n];
        _misses = new int[n];
        _freeSlots = new Stack<int>(Enumerable.Range(0, n));
    }

    /// <summary>Whether any frame could be used so far.</summary>
    public bool HasStarted => _count > 0;

    /// <summary>Frames given up since the last one that could be followed.</summary>
    public int LostInARow => _skipped;

    /// <summary>Tracks the points into the next frame: H×W grey bytes.</summary>
    public TrackedFrame Next(ReadOnlySpan<byte> gray)
    {
        _current.Load(gray);
        long index = _frame++;
        bool key;
        if (_count == 0)
        {
            key = true;
        }
        else
        {
            // where it would be if it kept moving as it did; nothing is known after a gap
            for (int i = 0; i < _count; i++) _guesses[i] = _skipped == 0 ? _points[i] + _velocities[i] : _points[i];
            KltTracker.Track(_previous, _current, _points, _guesses, _moved, _valid, _count);
            int kept = 0;
            for (int i = 0; i < _count; i++) kept += _valid[i] ? 1 : 0;
            if (kept < Math.Max(MinPoints, _settings.LostShare * _count))
            {
                _skipped++;
                return new(index, false, [], []);
            }
            Anchor();
            Keep();
            key = IsKeyframeDue();
        }
        if (key) Replenish();
        if (_count < MinPoints)
        {
            for (int i = 0; i < _count; i++) _freeSlots.Push(_slots[i]);
            _count = 0;
            _skipped++;
            return new(index, false, [], []);
        }
        _skipped = 0;
        (_previous, _current) = (_current, _previous);
        return new(index, key, _ids[.._count], _points[.._count]);
    }

    // each point stands alone, so sharing them among threads changes nothing
    private void Anchor() => Parallel.For(0, (_count + AnchorChunk - 1) / AnchorChunk, c =>
    {
        int end = Math.Min(_count, (c + 1) * AnchorChunk);
        for (int i = c * AnchorChunk; i < end; i++)
        {
            if (!_valid[i]) continue;
            _misses[i] = _anchors.Align(_slots[i], _current[0], ref _moved[i]) ? 0 : _misses[i] + 1;
            _valid[i] = _misses[i] <= MaxMisses;
        }
    });

    private void Keep()
    {
        int n = 0;
        for (int i = 0; i < _count; i++)
        {
            if (!_valid[i])
            {
                _freeSlots.Push(_slots[i]);
                continue;
            }
            _slots[n] = _slots[i];
            _misses[n] = _misses[i];
            _ids[n] = _ids[i];
            _velocities[n] = (_moved[i] - _points[i]) / (_skipped + 1);
            _points[n] = _moved[i];
            _keyPoints[n] = _keyPoints[i];
            n++;
        }
        _count = n;
    }

    private bool IsKeyframeDue()
    {
        if (_count < _settings.KeyframeSurvivors * _keyCount) return true;
        Span<float> motion = new float[_count];
        for (int i = 0; i < _count; i++) motion[i] = Vector2.Distance(_points[i], _keyPoints[i]);
        motion.Sort();
        return motion[_count / 2] > _keyframeDistance;
    }

    private void Replenish()
    {
        _corners.Detect(_current[0], _points.AsSpan(0, _count), KltTracker.Margin + 2, _settings.Points - _count, _found);
        foreach (var p in _found)
        {
            int slot = _freeSlots.Peek();
            if (!_anchors.Remember(slot, _current[0], p)) continue;
            _slots[_count] = _freeSlots.Pop();
            _misses[_count] = 0;
            _ids[_count] = _nextId++;
            _velocities[_count] = default;
            _points[_count++] = p;
        }
        _points.AsSpan(0, _count).CopyTo(_keyPoints);
        _keyCount = _count;
    }
}
