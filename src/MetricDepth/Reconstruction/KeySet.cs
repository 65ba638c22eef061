using System.Runtime.CompilerServices;

namespace MetricDepth.Reconstruction;

/// <summary>A set of packed block keys that is filled and emptied for each frame without new memory.</summary>
internal sealed class KeySet
{
    private const long Empty = -1;
    private const int LeastBits = 10;
    private int _bits;
    private long[] _slots = [];
    private long[] _members = [];

    /// <summary>An empty set.</summary>
    public KeySet() => Allocate(LeastBits);

    /// <summary>How many keys it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The keys in the order in which they came.</summary>
    public Span<long> Members => _members.AsSpan(0, Count);

    /// <summary>Adds a key unless it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(long packed)
    {
        int i = BlockKey.Hash(packed, _bits);
        for (; _slots[i] != Empty; i = (i + 1) & (_slots.Length - 1))
            if (_slots[i] == packed) return;
        _slots[i] = packed;
        _members[Count++] = packed;
        if (Count == _members.Length) Grow();
    }

    /// <summary>Takes all keys out. What one crowded frame needed is given back little by little.</summary>
    public void Clear()
    {
        if (_bits > LeastBits && Count < _members.Length / 8) Allocate(_bits - 1);
        else if (Count > 0) _slots.AsSpan().Fill(Empty);
        Count = 0;
    }

    private void Allocate(int bits)
    {
        _bits = bits;
        _slots = new long[1 << bits];
        _slots.AsSpan().Fill(Empty);
        Array.Resize(ref _members, 1 << (bits - 1));
    }

    // members fill half of the slots at most
    private void Grow()
    {
        Allocate(_bits + 1);
        foreach (long packed in Members)
        {
            int i = BlockKey.Hash(packed, _bits);
            while (_slots[i] != Empty) i = (i + 1) & (_slots.Length - 1);
            _slots[i] = packed;
        }
    }
}
