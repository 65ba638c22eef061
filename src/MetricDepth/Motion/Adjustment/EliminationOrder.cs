using System.Numerics;

namespace MetricDepth.Motion.Adjustment;

/// <summary>
/// In which order the cameras are eliminated, and which blocks fill up: minimum degree on the graph of cameras that share points (George
/// and Liu, "The evolution of the minimum degree ordering algorithm", 1989). A video's cameras share points with their neighbours in time,
/// and at closed loops; eliminated in this order, little more than that is ever stored.
/// </summary>
internal sealed class EliminationOrder
{
    private readonly ulong[] _links;
    private readonly int _words;

    /// <summary>An empty graph.</summary>
    /// <param name="count">Cameras.</param>
    public EliminationOrder(int count)
    {
        Count = count;
        _words = (count + 63) / 64;
        _links = new ulong[(long)count * _words];
    }

    public int Count { get; }

    /// <summary>Two cameras share something.</summary>
    public void Link(int a, int b)
    {
        Set(a, b);
        Set(b, a);
    }

    /// <summary>Eliminates.</summary>
    /// <param name="last">A node that has to come last, or a negative number.</param>
    /// <param name="place">The place of each node in the order.</param>
    /// <returns>For each place, the places after it whose block is stored, ascending.</returns>
    public int[][] Run(int last, out int[] place)
    {
        place = new int[Count];
        var order = new int[Count];
        var degree = new int[Count];
        var fill = new int[Count][];
        var done = new bool[Count];
        for (int i = 0; i < Count; i++) degree[i] = Degree(i);
        for (int step = 0; step < Count; step++)
        {
            int v = -1;
            for (int i = 0; i < Count; i++)
                if (!done[i] && (i != last || step == Count - 1) && (v < 0 || degree[i] < degree[v])) v = i;
            (order[step], place[v], done[v]) = (v, step, true);
            var neighbours = Neighbours(v);
            fill[step] = neighbours;
            foreach (int n in neighbours)
            {
                var row = Row(n);
                var eliminated = Row(v);
                for (int w = 0; w < _words; w++) row[w] |= eliminated[w];
                row[n >> 6] &= ~(1UL << n);
                row[v >> 6] &= ~(1UL << v);
                degree[n] = Degree(n);
            }
        }
        foreach (var row in fill)
        {
            for (int i = 0; i < row.Length; i++) row[i] = place[row[i]];
            Array.Sort(row);
        }
        return fill;
    }

    private Span<ulong> Row(int i) => _links.AsSpan(i * _words, _words);

    private void Set(int a, int b)
    {
        if (a != b) _links[(long)a * _words + (b >> 6)] |= 1UL << b;
    }

    private int Degree(int i)
    {
        int sum = 0;
        foreach (ulong w in Row(i)) sum += BitOperations.PopCount(w);
        return sum;
    }

    private int[] Neighbours(int i)
    {
        var list = new int[Degree(i)];
        int n = 0;
        var row = Row(i);
        for (int w = 0; w < _words; w++)
            for (ulong bits = row[w]; bits != 0; bits &= bits - 1) list[n++] = w * 64 + BitOperations.TrailingZeroCount(bits);
        return list;
    }
}
