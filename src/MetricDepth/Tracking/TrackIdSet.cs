namespace MetricDepth.Tracking;

/// <summary>
/// A set of track numbers: pages of 65,536 numbers that are sorted lists while they are sparse and bits when they are not, so that neither ten
/// million tracks in a row nor ten million that jump take more than some tens of megabytes (S. Chambi et al., "Better bitmap performance with
/// Roaring bitmaps", Software: Practice and Experience 46, 2016).
/// </summary>
internal sealed class TrackIdSet
{
    private const int PageBits = 16;
    private const int WordBits = 6;

    // from here on a list takes more than the bits
    private const int MaxListed = (1 << PageBits) / 16;

    private readonly Dictionary<int, Page> _pages = [];
    private int _lastKey = int.MinValue;
    private Page? _last;

    /// <summary>How many numbers it holds.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a number; false if it was there.</summary>
    public bool Add(int id)
    {
        int key = id >> PageBits;
        if (_last is null || key != _lastKey)
        {
            if (!_pages.TryGetValue(key, out _last)) _pages.Add(key, _last = new());
            _lastKey = key;
        }
        if (!_last.Add((ushort)id)) return false;
        Count++;
        return true;
    }

    /// <summary>Whether it holds a number.</summary>
    public bool Contains(int id) => _pages.TryGetValue(id >> PageBits, out var page) && page.Contains((ushort)id);

    private sealed class Page
    {
        private List<ushort>? _listed = [];
        private ulong[] _bits = [];

        public bool Contains(ushort low) => _listed is { } listed ? listed.BinarySearch(low) >= 0 : (_bits[low >> WordBits] >> low & 1) != 0;

        public bool Add(ushort low)
        {
            if (_listed is { } listed)
            {
                // numbers mostly come in order
                int at = listed.Count == 0 || listed[^1] < low ? ~listed.Count : listed.BinarySearch(low);
                if (at >= 0) return false;
                listed.Insert(~at, low);
                if (listed.Count > MaxListed) Spread(listed);
                return true;
            }
            ref ulong word = ref _bits[low >> WordBits];
            ulong bit = 1UL << low;
            if ((word & bit) != 0) return false;
            word |= bit;
            return true;
        }

        private void Spread(List<ushort> listed)
        {
            _bits = new ulong[1 << PageBits - WordBits];
            foreach (ushort low in listed) _bits[low >> WordBits] |= 1UL << low;
            _listed = null;
        }
    }
}
