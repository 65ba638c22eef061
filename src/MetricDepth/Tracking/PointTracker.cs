using System.Numerics;
using MetricDepth.Imaging;

namespace MetricDepth.Tracking;

/// <summary>
/// Tracks points through a video, frame by frame, and starts new ones at keyframes. Holds two pyramids, the live points and those
/// lost of late, whatever the clip's length. A frame that cannot be followed is skipped: the next one is tried against the last good
/// frame. A point that went out of sight comes back under its own number where it is found again.
/// </summary>
internal sealed class PointTracker
{
    /// <summary>Fewer points than this say nothing about a camera.</summary>
    public const int MinPoints = 24;

    // a blurred frame or two does not look like the first; a point that has changed for longer is another point
    private const int MaxMisses = 3;
    private const int AnchorChunk = 32;

    // a lost point is looked for in every frame at first, then in every third
    private const int Eager = 4, Patience = 3;

    private readonly PointTrackerSettings _settings;
    private readonly int _width, _height, _capacity;
    private readonly CornerDetector _corners;
    private readonly GridSeeds? _grid;
    private readonly double _keyframeDistance;
    private readonly List<Vector2> _found = [];
    private readonly AnchorPatches _anchors;
    private readonly LivePoints _live;
    private readonly LostPoints _lost = new();
    private readonly List<(int Id, Vector2 At)> _back = [];
    private readonly float _clear;
    private bool[] _valid = [], _second = [];
    private Vector2[] _guesses = [], _moved = [], _other = [];
    private ImagePyramid _previous, _current;
    private int _keyCount, _nextId, _skipped;
    private long _frame;

    /// <summary>Gets ready for a clip of one size.</summary>
    /// <param name="width">Width of the frames, px.</param>
    /// <param name="height">Height of the frames, px.</param>
    /// <param name="settings">How to track.</param>
    public PointTracker(int width, int height, PointTrackerSettings settings)
    {
        _settings = settings;
        (_width, _height) = (width, height);
        double diagonal = Math.Sqrt((double)width * width + (double)height * height);
        int cell = Math.Max(12, (int)Math.Round(settings.Cell * diagonal));
        _corners = new CornerDetector(width, height, cell);
        _clear = 0.35f * (settings.Grid ?? cell);
        if (settings.Grid is { } step) _grid = new(width, height, step, KltTracker.Margin);
        // a grid that shrinks as the camera steps back is renewed at its edge while the old points live on inside
        _capacity = _grid is null ? settings.Points : 2 * _grid.Count;
        _keyframeDistance = settings.KeyframeMotion * diagonal;
        _previous = new ImagePyramid(width, height, settings.Levels);
        _current = new ImagePyramid(width, height, settings.Levels);
        int expected = Math.Min(_capacity, 4096);
        _live = new(expected);
        _anchors = new(expected);
    }

    /// <summary>Whether any frame could be used so far.</summary>
    public bool HasStarted => _live.Count > 0;

    /// <summary>Frames given up since the last one that could be followed.</summary>
    public int LostInARow => _skipped;

    /// <summary>Tracks the points into the next frame.</summary>
    /// <param name="gray">H×W grey bytes.</param>
    /// <param name="mask">
    /// H×W bytes or nothing: where they are 128 or more, no point starts, and a point that gets there ends.
    /// </param>
    public TrackedFrame Next(ReadOnlySpan<byte> gray, ReadOnlySpan<byte> mask = default)
    {
        _current.Load(gray);
        var masked = new PixelMask(mask, _width, _height);
        long index = _frame++;
        bool key = true;
        if (_live.Count > 0)
        {
            if (!Follow(masked, index))
            {
                _skipped++;
                if (_skipped < _settings.RestartAfter || _settings.RestartAfter is null) return new(index, false, [], []);
                Restart();
            }
            else
            {
                key = _live.Count == 0 || (_settings.Every is { } every ? index % every == 0 : IsKeyframeDue());
            }
        }
        if (key) Replenish(masked);
        if (_live.Count < _settings.MinPoints)
        {
            Restart();
            _skipped++;
            return new(index, false, [], []);
        }
        _skipped = 0;
        (_previous, _current) = (_current, _previous);
        return new(index, key, _live.Ids.ToArray(), _live.Positions[.._live.Count]);
    }

    private bool Follow(PixelMask mask, long index)
    {
        int count = _live.Count;
        if (_valid.Length < count)
        {
            int size = Math.Max(count, Math.Min(_capacity, 2 * count));
            _valid = new bool[size];
            _guesses = new Vector2[size];
            _moved = new Vector2[size];
            _second = new bool[size];
            _other = new Vector2[size];
        }
        // where it would be if it kept moving as it did; nothing is known after a gap
        for (int i = 0; i < count; i++) _guesses[i] = _skipped == 0 ? _live.Positions[i] + _live.Velocities[i] : _live.Positions[i];
        KltTracker.Track(_previous, _current, _live.Positions, _guesses, _moved, _valid, count);
        if (_skipped > 0) FollowOnward();
        int kept = 0;
        for (int i = 0; i < count; i++) kept += _valid[i] ? 1 : 0;
        if (kept < Math.Max(_settings.MinPoints, _settings.LostShare * count)) return false;
        Anchor();
        if (!mask.IsEmpty)
            for (int i = 0; i < count; i++) _valid[i] &= !mask.Covers(_moved[i]);
        if (_settings.Memory > 0) Remember(index);
        else
            for (int i = 0; i < count; i++)
                if (!_valid[i]) _anchors.Return(_live.Slots[i]);
        Keep();
        if (_lost.Points.Count > 0) FindAgain(mask, index);
        return true;
    }

    // the camera may have stopped during the gap or gone on as before: what the first guess did not find, the second may
    private void FollowOnward()
    {
        int count = _live.Count;
        for (int i = 0; i < count; i++) _guesses[i] = _live.Positions[i] + _live.Velocities[i] * (_skipped + 1);
        KltTracker.Track(_previous, _current, _live.Positions, _guesses, _other, _second, count);
        for (int i = 0; i < count; i++)
        {
            if (_valid[i] || !_second[i]) continue;
            (_moved[i], _valid[i]) = (_other[i], true);
        }
    }

    private void Remember(long index)
    {
        int count = _live.Count;
        ReadOnlySpan<Vector2> moved = _moved.AsSpan(0, count);
        ReadOnlySpan<bool> valid = _valid.AsSpan(0, count);
        if (_lost.Points.Count == 0 && !valid.Contains(false)) return;
        var dominant = AffineMotion.Dominant(_live.Positions.AsSpan(0, count), moved, valid);
        _lost.Advance(_live, moved, valid, dominant);
        var taken = _second.AsSpan(0, count);
        _lost.Take(_live, moved, valid, dominant, index, _anchors.IsSplit, taken);
        for (int i = 0; i < count; i++)
            if (!valid[i] && !taken[i]) _anchors.Return(_live.Slots[i]);
        _lost.Remove(p =>
        {
            // what left the picture by more than the search reaches will not be known when it comes back
            bool isOver = index - p.Since > _settings.Memory
                || !(p.Expected.X > -PatchSearch.Reach && p.Expected.Y > -PatchSearch.Reach
                    && p.Expected.X < _width + PatchSearch.Reach && p.Expected.Y < _height + PatchSearch.Reach);
            if (isOver) _anchors.Return(p.Slot);
            return isOver;
        });
    }

    private void FindAgain(PixelMask mask, long index)
    {
        var points = _lost.Points;
        // each point stands alone, so sharing them among threads changes nothing
        Parallel.For(0, points.Count, i =>
        {
            var p = points[i];
            long age = index - p.Since;
            p.IsBack = (age <= Eager || (age + p.Id) % Patience == 0) && _anchors.Fits(p.Slot, _current[0], p.Expected)
                && _anchors.Find(p.Slot, _current, p.Expected, out p.FoundAt) && _anchors.Fits(p.Slot, _current[0], p.FoundAt);
        });
        _back.Clear();
        foreach (var p in points)
        {
            p.IsBack &= !mask.Covers(p.FoundAt) && IsFree(p);
            if (!p.IsBack) continue;
            // one frame that does not bear it out, and it is gone again
            _live.Insert(p.Id, p.Slot, MaxMisses, p.FoundAt, default);
            _back.Add((p.Id, p.FoundAt));
        }
        if (_back.Count == 0) return;
        _lost.Remove(p => p.IsBack);
        EndReplacements();
        if (_live.Count > _capacity) End(_capacity);
    }

    // an older point already there is this one, or an impostor: either way there is no room
    private bool IsFree(LostPoints.LostPoint point)
    {
        for (int i = 0; i < _live.Count && _live.Ids[i] < point.Id; i++)
            if (Vector2.DistanceSquared(_live.Positions[i], point.FoundAt) < 4) return false;
        return true;
    }

    // points that started where an older one was out of sight make way for it
    private void EndReplacements()
    {
        int n = 0;
        for (int i = 0; i < _live.Count; i++)
        {
            bool ends = false;
            foreach (var p in _back)
                ends |= p.Id < _live.Ids[i] && Vector2.DistanceSquared(p.At, _live.Positions[i]) < _clear * _clear;
            if (ends) _anchors.Return(_live.Slots[i]);
            else _live.Move(i, n++);
        }
        _live.Truncate(n);
    }

    // each point stands alone, so sharing them among threads changes nothing
    private void Anchor() => Parallel.For(0, (_live.Count + AnchorChunk - 1) / AnchorChunk, c =>
    {
        int end = Math.Min(_live.Count, (c + 1) * AnchorChunk);
        var slots = _live.Slots;
        for (int i = c * AnchorChunk; i < end; i++)
        {
            if (!_valid[i] || !_anchors.Fits(slots[i], _current[0], _moved[i])) continue;
            _live.Misses[i] = _anchors.Align(slots[i], _current[0], ref _moved[i]) ? 0 : _live.Misses[i] + 1;
            _valid[i] = _live.Misses[i] <= MaxMisses;
        }
    });

    private void Keep()
    {
        int n = 0;
        for (int i = 0; i < _live.Count; i++)
        {
            if (!_valid[i]) continue;
            _live.Move(i, n);
            _live.Velocities[n] = (_moved[i] - _live.Positions[i]) / (_skipped + 1);
            _live.Positions[n] = _moved[i];
            n++;
        }
        _live.Truncate(n);
    }

    // nothing is known any more of how the picture moved, so nobody knows either where to look for a lost point
    private void Restart()
    {
        End(0);
        _lost.Remove(p =>
        {
            _anchors.Return(p.Slot);
            return true;
        });
    }

    private void End(int from)
    {
        foreach (int slot in _live.Slots[from..]) _anchors.Return(slot);
        _live.Truncate(from);
    }

    private bool IsKeyframeDue()
    {
        int count = _live.Count;
        if (count < _settings.KeyframeSurvivors * _keyCount) return true;
        Span<float> motion = new float[count];
        for (int i = 0; i < count; i++) motion[i] = Vector2.Distance(_live.Positions[i], _live.KeyPositions[i]);
        motion.Sort();
        return motion[count / 2] > _keyframeDistance;
    }

    private void Replenish(PixelMask mask)
    {
        int room = _capacity - _live.Count;
        var existing = _live.Positions.AsSpan(0, _live.Count);
        if (_grid is null) _corners.Detect(_current[0], mask, existing, KltTracker.Margin + 2, room, _found);
        else _grid.Find(mask, existing, _found);
        foreach (var p in _found)
        {
            if (_live.Count == _capacity) break;
            int slot = _anchors.Rent();
            if (_anchors.Remember(slot, _current[0], p)) _live.Add(_nextId++, slot, p);
            else _anchors.Return(slot);
        }
        _live.Positions.AsSpan(0, _live.Count).CopyTo(_live.KeyPositions);
        _keyCount = _live.Count;
    }
}
