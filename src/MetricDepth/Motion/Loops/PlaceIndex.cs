namespace MetricDepth.Motion.Loops;

/// <summary>
/// Which keyframes look alike: descriptors that agree in a few of their bits fall into the same bucket of a table, and every pair in a bucket
/// is a vote (locality sensitive hashing; Gionis et al., "Similarity search in high dimensions via hashing", VLDB 1999).
/// </summary>
internal sealed class PlaceIndex
{
    private const int Tables = 8, KeyBits = 14, Seed = 11;

    // what looks like everything says nothing
    private const int MostInBucketPerKeyframe = 4;

    private readonly int _keyframes;
    private readonly List<(int[] Start, int[] Keyframes, ushort[][] Keys)> _tables = [];

    public PlaceIndex(IReadOnlyList<KeyframePlace> places)
    {
        _keyframes = places.Count;
        var random = new Random(Seed);
        var bits = Enumerable.Range(0, PlaceDescriptor.Bits).ToArray();
        random.Shuffle(bits);
        for (int t = 0; t < Tables; t++)
        {
            var chosen = bits.AsSpan(t * KeyBits, KeyBits).ToArray();
            var keys = new ushort[places.Count][];
            var start = new int[(1 << KeyBits) + 1];
            for (int k = 0; k < places.Count; k++)
            {
                keys[k] = new ushort[places[k].Descriptors.Length];
                for (int i = 0; i < keys[k].Length; i++)
                {
                    keys[k][i] = Key(places[k].Descriptors[i], chosen);
                    start[keys[k][i] + 1]++;
                }
            }
            for (int b = 0; b < 1 << KeyBits; b++) start[b + 1] += start[b];
            var next = start.AsSpan(0, 1 << KeyBits).ToArray();
            var filled = new int[start[^1]];
            for (int k = 0; k < places.Count; k++)
                foreach (ushort key in keys[k]) filled[next[key]++] = k;
            _tables.Add((start, filled, keys));
        }
    }

    /// <summary>Votes that each keyframe gets from one; rare looks count more.</summary>
    public void Vote(int keyframe, Span<float> votes)
    {
        votes.Clear();
        foreach (var (start, keyframes, keys) in _tables)
            foreach (ushort key in keys[keyframe])
            {
                int from = start[key], count = start[key + 1] - from;
                if (count < 2 || count > MostInBucketPerKeyframe * _keyframes) continue;
                float weight = 1 / MathF.Sqrt(count);
                foreach (int k in keyframes.AsSpan(from, count)) votes[k] += weight;
            }
    }

    private static ushort Key(in PlaceDescriptor d, int[] bits)
    {
        int key = 0;
        foreach (int b in bits) key = key << 1 | (d[b] ? 1 : 0);
        return (ushort)key;
    }
}
