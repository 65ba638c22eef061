using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Corner = System.Numerics.Vector3;
using V = System.Runtime.Intrinsics.Vector256<float>;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Scenes.Tracing;

/// <summary>Solids in a tree of bounding boxes, for rays that start anywhere: eight rays from one point walk down together.</summary>
internal sealed class Hierarchy
{
    private readonly Entry[] _entries;
    private readonly Node[] _nodes;

    public Hierarchy(IReadOnlyList<Solid> solids, Func<Solid, bool> include)
    {
        var list = Enumerable.Range(0, solids.Count).Where(i => include(solids[i])).Select(i => new Entry(solids[i], i)).ToArray();
        var nodes = new List<Node>();
        if (list.Length > 0) Split(list, nodes);
        _entries = list;
        _nodes = nodes.ToArray();

        static int Split(Span<Entry> entries, List<Node> nodes, int offset = 0)
        {
            var low = new Corner(float.MaxValue);
            var high = -low;
            foreach (ref readonly var e in entries)
            {
                low = Corner.Min(low, e.Low);
                high = Corner.Max(high, e.High);
            }
            int at = nodes.Count;
            nodes.Add(default);
            int right = 0;
            if (entries.Length > 2)
            {
                var size = high - low;
                int axis = size.X > size.Y ? (size.X > size.Z ? 0 : 2) : size.Y > size.Z ? 1 : 2;
                entries.Sort((a, b) => (a.Low[axis] + a.High[axis]).CompareTo(b.Low[axis] + b.High[axis]));
                int half = entries.Length / 2;
                Split(entries[..half], nodes, offset);
                right = Split(entries[half..], nodes, offset + half);
            }
            nodes[at] = new(low, high, right, offset, entries.Length);
            return at;
        }
    }

    /// <summary>
    /// Follows eight rays from <paramref name="p"/>: shortens <paramref name="t"/> to the nearest solid and names it in
    /// <paramref name="id"/> (8 · solid + face).
    /// </summary>
    public void Nearest(Vector3 p, V dx, V dy, V dz, ref V t, ref Vector256<int> id)
    {
        if (_nodes.Length == 0) return;
        V ix = V.One / dx, iy = V.One / dy, iz = V.One / dz;
        V px = Vector256.Create((float)p.X), py = Vector256.Create((float)p.Y), pz = Vector256.Create((float)p.Z);
        Span<int> stack = stackalloc int[48];
        int depth = 0;
        stack[depth++] = 0;
        while (depth > 0)
        {
            int at = stack[--depth];
            ref readonly var node = ref _nodes[at];
            if (!node.Touches(px, py, pz, ix, iy, iz, t)) continue;
            if (node.Right > 0)
            {
                stack[depth++] = node.Right;
                stack[depth++] = at + 1;
                continue;
            }
            for (int i = node.First; i < node.First + node.Count; i++)
            {
                ref readonly var e = ref _entries[i];
                e.Find(p, dx, dy, dz, out var found, out var face);
                var nearer = Vector256.LessThan(found, t);
                t = Vector256.ConditionalSelect(nearer, found, t);
                id = Vector256.ConditionalSelect(nearer.AsInt32(), face + Vector256.Create(8 * e.Index), id);
            }
        }
    }

    private readonly struct Node(Corner low, Corner high, int right, int first, int count)
    {
        public readonly Corner Low = low, High = high;
        public readonly int Right = right, First = first, Count = count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Touches(V px, V py, V pz, V ix, V iy, V iz, V t)
        {
            V x0 = (Vector256.Create(Low.X) - px) * ix, x1 = (Vector256.Create(High.X) - px) * ix;
            V y0 = (Vector256.Create(Low.Y) - py) * iy, y1 = (Vector256.Create(High.Y) - py) * iy;
            V z0 = (Vector256.Create(Low.Z) - pz) * iz, z1 = (Vector256.Create(High.Z) - pz) * iz;
            var near = Vector256.Max(Vector256.Min(x0, x1), Vector256.Max(Vector256.Min(y0, y1), Vector256.Min(z0, z1)));
            var far = Vector256.Min(Vector256.Max(x0, x1), Vector256.Min(Vector256.Max(y0, y1), Vector256.Max(z0, z1)));
            return Vector256.LessThanOrEqualAny(Vector256.Max(near, V.Zero), Vector256.Min(far, t));
        }
    }

    private readonly struct Entry
    {
        private readonly Solid _solid;
        private readonly Shape _shape;
        private readonly float _xx, _xy, _xz, _yx, _yy, _yz, _zx, _zy, _zz;

        public Entry(Solid s, int index)
        {
            Index = index;
            _solid = s;
            _shape = s.Shape;
            var r = s.Axes;
            (_xx, _xy, _xz) = ((float)(r.M00 / s.Half.X), (float)(r.M10 / s.Half.X), (float)(r.M20 / s.Half.X));
            (_yx, _yy, _yz) = ((float)(r.M01 / s.Half.Y), (float)(r.M11 / s.Half.Y), (float)(r.M21 / s.Half.Y));
            (_zx, _zy, _zz) = ((float)(r.M02 / s.Half.Z), (float)(r.M12 / s.Half.Z), (float)(r.M22 / s.Half.Z));
            var reach = new Corner(
                (float)(Math.Abs(r.M00) * s.Half.X + Math.Abs(r.M01) * s.Half.Y + Math.Abs(r.M02) * s.Half.Z),
                (float)(Math.Abs(r.M10) * s.Half.X + Math.Abs(r.M11) * s.Half.Y + Math.Abs(r.M12) * s.Half.Z),
                (float)(Math.Abs(r.M20) * s.Half.X + Math.Abs(r.M21) * s.Half.Y + Math.Abs(r.M22) * s.Half.Z)) + new Corner(1e-4f);
            var center = new Corner((float)s.Center.X, (float)s.Center.Y, (float)s.Center.Z);
            Low = center - reach;
            High = center + reach;
        }

        public int Index { get; }

        public Corner Low { get; }

        public Corner High { get; }

        public void Find(Vector3 p, V x, V y, V z, out V t, out Vector256<int> face)
        {
            var o = _solid.ToUnit(p - _solid.Center);
            Intersection.Find(_shape, Vector256.Create((float)o.X), Vector256.Create((float)o.Y), Vector256.Create((float)o.Z),
                x * _xx + y * _xy + z * _xz, x * _yx + y * _yy + z * _yz, x * _zx + y * _zy + z * _zz, out t, out face);
        }
    }
}
