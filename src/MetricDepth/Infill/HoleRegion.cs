using MetricDepth.Rendering;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Infill;

/// <summary>What is known of one hole from the picture around it.</summary>
internal struct Hole()
{
    /// <summary>Inverse depth of the nearest surface at its rim, 1/m; 0 if none has depth.</summary>
    public float NearestRim;

    /// <summary>Inverse depth of the farthest surface at its rim, 1/m.</summary>
    public float FarthestRim = float.MaxValue;

    /// <summary>How much brighter than the plate the picture is at its rim: red, green, blue.</summary>
    public Vector3 Offset;

    /// <summary>Sum of differences at the rim, and how many.</summary>
    public Vector3 Sum;

    /// <summary>How many differences.</summary>
    public int Count;
}

/// <summary>The holes of a view with a narrow ring around them: the only pixels a plate is drawn to. Reused from view to view.</summary>
/// <param name="width">Width of the views, px.</param>
/// <param name="height">Height of the views, px.</param>
internal sealed class HoleRegion(int width, int height)
{
    private const int Ring = 3;

    // A hole with few pixels to compare follows the whole frame: so much of the frame counts like so many pixels.
    private const float FrameCounts = 100;

    // Exposure differs a little from frame to frame; a larger difference is another thing or a highlight.
    private const float LargestOffset = 24;
    private const float SameSurface = 0.03f;

    private readonly int[] _index = NoIndex(width * height);
    private readonly byte[] _near = new byte[width];
    private int[] _pixels = [];
    private int[] _parent = [];
    private bool[] _isHole = [];
    private Hole[] _holes = [];
    private Sides[] _sides = [];

    [Flags]
    private enum Sides : byte
    {
        None,
        Left,
        Right,
        Above = 4,
        Below = 8,
    }

    /// <summary>How many pixels there are.</summary>
    public int Count { get; private set; }

    /// <summary>The pixels, as row times width plus column, in that order.</summary>
    public ReadOnlySpan<int> Pixels => _pixels.AsSpan(0, Count);

    /// <summary>The number of a pixel in <see cref="Pixels"/>; -1 if it is not of the region.</summary>
    public int IndexOf(int x, int y) => _index[y * width + x];

    /// <summary>Whether a pixel of the region is in a hole, rather than in the ring.</summary>
    public bool IsHole(int i) => _isHole[i];

    /// <summary>
    /// Whether the picture goes on at both ends of a hole, along the row or along the column; otherwise the hole is open to the
    /// picture's border there, and what lies around it says little.
    /// </summary>
    public bool IsEnclosed(int i) => (_sides[i] & (Sides.Left | Sides.Right)) == (Sides.Left | Sides.Right)
        || (_sides[i] & (Sides.Above | Sides.Below)) == (Sides.Above | Sides.Below);

    /// <summary>The hole that a pixel of the region is in.</summary>
    public ref readonly Hole HoleAt(int i) => ref _holes[_parent[i]];

    /// <summary>Finds the holes of a view; false if there are none.</summary>
    public bool Find(ViewImage view)
    {
        foreach (int pixel in Pixels) _index[pixel] = -1;
        Count = 0;
        bool any = false;
        for (int y = 0; y < height; y++)
        {
            Array.Clear(_near);
            bool found = false;
            for (int j = Math.Max(0, y - Ring); j <= Math.Min(height - 1, y + Ring); j++) found |= Widen(view.Holes.AsSpan(view.Row(j)));
            if (!found) continue;
            any = true;
            for (int x = 0; x < width; x++)
                if (_near[x] != 0) Add(x, y, view.Holes[y * view.Stride + x] != 0);
        }
        if (!any) return false;
        Connect();
        FindSides();
        return true;
    }

    /// <summary>Learns what lies around the holes.</summary>
    /// <param name="view">The view.</param>
    /// <param name="samples">The plate there, as drawn.</param>
    public void Measure(ViewImage view, ReadOnlySpan<PlateSample> samples)
    {
        Vector3 all = default;
        int count = 0;
        for (int i = 0; i < Count; i++)
        {
            int x = _pixels[i] % width, y = _pixels[i] / width;
            if (_isHole[i]) continue;
            int at = y * view.Stride + x;
            float depth = view.InverseDepth[at];
            if (depth <= 0) continue;
            bool matches = samples[i].Weight > 0 && Math.Abs(samples[i].InverseDepth - depth) < SameSurface * depth;
            var color = view.Color[at];
            var difference = new Vector3(color >> 16 & 255, color >> 8 & 255, color & 255) - samples[i].Rgb;
            if (matches) (all, count) = (all + difference, count + 1);
            for (int side = 0; side < 4; side++)
                for (int step = 1; step <= Ring; step++)
                {
                    int k = Neighbour(x, y, side, step);
                    if (k < 0 || !_isHole[k]) continue;
                    ref var hole = ref _holes[_parent[k]];
                    if (step == 1)
                    {
                        hole.NearestRim = Math.Max(hole.NearestRim, depth);
                        hole.FarthestRim = Math.Min(hole.FarthestRim, depth);
                    }
                    if (matches) (hole.Sum, hole.Count) = (hole.Sum + difference, hole.Count + 1);
                    break;
                }
        }
        var usual = count > 0 ? all / count : default;
        for (int i = 0; i < Count; i++)
        {
            if (!_isHole[i] || _parent[i] != i) continue;
            ref var hole = ref _holes[i];
            hole.Offset = Vector3.Clamp((hole.Sum + usual * FrameCounts) / (hole.Count + FrameCounts), new(-LargestOffset), new(LargestOffset));
            // nothing around it has depth: nothing to hold against
            if (hole.NearestRim <= 0) (hole.NearestRim, hole.FarthestRim) = (float.MaxValue, 0);
        }
    }

    private static int[] NoIndex(int length)
    {
        var index = new int[length];
        Array.Fill(index, -1);
        return index;
    }

    private int Neighbour(int x, int y, int side, int step)
    {
        (x, y) = side switch { 0 => (x - step, y), 1 => (x + step, y), 2 => (x, y - step), _ => (x, y + step) };
        return x < 0 || y < 0 || x >= width || y >= height ? -1 : _index[y * width + x];
    }

    private bool Widen(ReadOnlySpan<byte> holes)
    {
        bool found = false;
        for (int from = 0; from < holes.Length;)
        {
            int begin = holes[from..].IndexOfAnyExcept((byte)0);
            if (begin < 0) break;
            begin += from;
            int length = holes[begin..].IndexOf((byte)0);
            int end = length < 0 ? holes.Length : begin + length;
            int left = Math.Max(0, begin - Ring), right = Math.Min(holes.Length, end + Ring);
            _near.AsSpan(left, right - left).Fill(1);
            found = true;
            from = end;
        }
        return found;
    }

    private void Add(int x, int y, bool isHole)
    {
        if (Count == _pixels.Length)
        {
            int size = Math.Max(4096, Count * 3 / 2);
            Array.Resize(ref _pixels, size);
            Array.Resize(ref _parent, size);
            Array.Resize(ref _isHole, size);
            Array.Resize(ref _holes, size);
            Array.Resize(ref _sides, size);
        }
        (_pixels[Count], _isHole[Count], _parent[Count], _holes[Count]) = (y * width + x, isHole, Count, new());
        _index[y * width + x] = Count++;
    }

    // Pixels of a hole that touch, also by their corners, are one hole; each then has the hole's first pixel as its parent.
    private void Connect()
    {
        for (int i = 0; i < Count; i++)
        {
            if (!_isHole[i]) continue;
            int x = _pixels[i] % width, y = _pixels[i] / width;
            if (x > 0) Join(i, _index[_pixels[i] - 1]);
            for (int dx = -1; dx <= 1 && y > 0; dx++)
                if ((uint)(x + dx) < (uint)width) Join(i, _index[_pixels[i] - width + dx]);
        }
        for (int i = 0; i < Count; i++) _parent[i] = Root(i);
    }

    // A hole's pixel has a side if its neighbour there has it, or is the rim.
    private void FindSides()
    {
        for (int i = 0; i < Count; i++)
        {
            if (!_isHole[i]) continue;
            int x = _pixels[i] % width, y = _pixels[i] / width;
            _sides[i] = Side(x - 1, y, Sides.Left) | Side(x, y - 1, Sides.Above);
        }
        for (int i = Count - 1; i >= 0; i--)
        {
            if (!_isHole[i]) continue;
            int x = _pixels[i] % width, y = _pixels[i] / width;
            _sides[i] |= Side(x + 1, y, Sides.Right) | Side(x, y + 1, Sides.Below);
        }
    }

    private Sides Side(int x, int y, Sides side)
    {
        if (x < 0 || y < 0 || x >= width || y >= height) return Sides.None;
        int i = _index[y * width + x];
        return i < 0 || !_isHole[i] ? side : _sides[i] & side;
    }

    private void Join(int a, int b)
    {
        if (b < 0 || !_isHole[b]) return;
        (a, b) = (Root(a), Root(b));
        if (a < b) _parent[b] = a;
        else _parent[a] = b;
    }

    private int Root(int i)
    {
        while (_parent[i] != i) i = _parent[i] = _parent[_parent[i]];
        return i;
    }
}
