using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>The points that are followed at present: columns of one table, rows by ascending id. Grows as needed.</summary>
internal sealed class LivePoints
{
    private int[] _ids, _slots, _misses;
    private Vector2[] _positions, _velocities, _keyPositions;

    public LivePoints(int capacity)
    {
        _ids = new int[capacity];
        _slots = new int[capacity];
        _misses = new int[capacity];
        _positions = new Vector2[capacity];
        _velocities = new Vector2[capacity];
        _keyPositions = new Vector2[capacity];
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Track numbers, ascending.</summary>
    public Span<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Where each one's first look is kept.</summary>
    public Span<int> Slots => _slots.AsSpan(0, Count);

    /// <summary>For how many frames in a row a point has not looked like its first look.</summary>
    public int[] Misses => _misses;

    /// <summary>Positions in the last frame that could be followed, px.</summary>
    public Vector2[] Positions => _positions;

    /// <summary>Motion per frame, px.</summary>
    public Vector2[] Velocities => _velocities;

    /// <summary>Positions in the last keyframe, px.</summary>
    public Vector2[] KeyPositions => _keyPositions;

    /// <summary>Adds a point whose id is above all others.</summary>
    public void Add(int id, int slot, Vector2 position)
    {
        if (Count == _ids.Length) Grow();
        int i = Count++;
        (_ids[i], _slots[i], _misses[i]) = (id, slot, 0);
        (_positions[i], _velocities[i], _keyPositions[i]) = (position, default, position);
    }

    /// <summary>Puts a point back in its place among the ids.</summary>
    public void Insert(int id, int slot, int misses, Vector2 position, Vector2 velocity)
    {
        if (Count == _ids.Length) Grow();
        Count++;
        int at = Count - 1;
        for (; at > 0 && _ids[at - 1] > id; at--) Move(at - 1, at);
        (_ids[at], _slots[at], _misses[at]) = (id, slot, misses);
        (_positions[at], _velocities[at], _keyPositions[at]) = (position, velocity, position);
    }

    /// <summary>Moves row <paramref name="from"/> to row <paramref name="to"/>, which is forgotten.</summary>
    public void Move(int from, int to)
    {
        (_ids[to], _slots[to], _misses[to]) = (_ids[from], _slots[from], _misses[from]);
        (_positions[to], _velocities[to], _keyPositions[to]) = (_positions[from], _velocities[from], _keyPositions[from]);
    }

    /// <summary>Forgets the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = count;

    private void Grow()
    {
        int size = Math.Max(64, 2 * _ids.Length);
        Array.Resize(ref _ids, size);
        Array.Resize(ref _slots, size);
        Array.Resize(ref _misses, size);
        Array.Resize(ref _positions, size);
        Array.Resize(ref _velocities, size);
        Array.Resize(ref _keyPositions, size);
    }
}
