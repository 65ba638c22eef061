using System.Numerics;

namespace MetricDepth.Imaging;

/// <summary>
/// A grey picture and its halvings, as floats, each level framed by copies of its border pixels so that a patch may hang over
/// the edge. Level l+1 is level l filtered with the binomial [1 3 3 1]/8 in both directions, so pixel i of level l+1 is centred
/// at 2i + 0.5 of level l.
/// </summary>
public sealed class ImagePyramid
{
    /// <summary>Pixels of frame around every level.</summary>
    public const int Border = 20;

    private const int MinSide = 24;
    private readonly Level[] _levels;
    private readonly float[] _columns;

    /// <summary>Allocates the levels; stops halving before a side falls under 24 px.</summary>
    /// <param name="width">Width of level 0, px.</param>
    /// <param name="height">Height of level 0, px.</param>
    /// <param name="levels">Levels wanted, at most.</param>
    public ImagePyramid(int width, int height, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        var list = new List<Level>();
        for (int l = 0; l < levels && (l == 0 || Math.Min(width, height) >= MinSide); l++)
        {
            list.Add(new Level(width, height));
            width /= 2;
            height /= 2;
        }
        _levels = [.. list];
        _columns = new float[_levels[0].Width + 8];
    }

    /// <summary>How many levels there are.</summary>
    public int LevelCount => _levels.Length;

    /// <summary>One level.</summary>
    public Level this[int level] => _levels[level];

    /// <summary>Takes a new picture: H×W grey bytes, row-major, of level 0's size.</summary>
    public void Load(ReadOnlySpan<byte> gray)
    {
        var top = _levels[0];
        for (int y = 0; y < top.Height; y++) Widen(gray.Slice(y * top.Width, top.Width), top.Row(y));
        top.ExtendBorder();
        for (int l = 1; l < _levels.Length; l++)
        {
            Halve(_levels[l - 1], _levels[l]);
            _levels[l].ExtendBorder();
        }
    }

    private static void Widen(ReadOnlySpan<byte> source, Span<float> target)
    {
        int x = 0;
        for (; x <= source.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(source[x..]), out var lo, out var hi);
            Store(lo, target[x..]);
            Store(hi, target[(x + Vector<ushort>.Count)..]);
        }
        for (; x < source.Length; x++) target[x] = source[x];

        static void Store(Vector<ushort> v, Span<float> to)
        {
            Vector.Widen(v, out var a, out var b);
            Vector.ConvertToSingle(Vector.AsVectorInt32(a)).CopyTo(to);
            Vector.ConvertToSingle(Vector.AsVectorInt32(b)).CopyTo(to[Vector<float>.Count..]);
        }
    }

    private void Halve(Level source, Level target)
    {
        var column = _columns.AsSpan();
        for (int y = 0; y < target.Height; y++)
        {
            // rows 2y-1 .. 2y+2, each from one pixel left of the picture to one right of it: the frame supplies them
            int span = source.Width + 2;
            var a = source.Framed(2 * y - 1, -1, span);
            var b = source.Framed(2 * y, -1, span);
            var c = source.Framed(2 * y + 1, -1, span);
            var d = source.Framed(2 * y + 2, -1, span);
            int x = 0;
            var three = new Vector<float>(3f);
            for (; x <= span - Vector<float>.Count; x += Vector<float>.Count)
                (new Vector<float>(a[x..]) + new Vector<float>(d[x..]) + three * (new Vector<float>(b[x..]) + new Vector<float>(c[x..])))
                    .CopyTo(column[x..]);
            for (; x < span; x++) column[x] = a[x] + d[x] + 3 * (b[x] + c[x]);
            var row = target.Row(y);
            for (int i = 0; i < row.Length; i++)
                row[i] = (column[2 * i] + column[2 * i + 3] + 3 * (column[2 * i + 1] + column[2 * i + 2])) * (1 / 64f);
        }
    }

    /// <summary>One picture of the pyramid with its frame.</summary>
    public sealed class Level
    {
        internal Level(int width, int height)
        {
            Width = width;
            Height = height;
            Stride = width + 2 * Border;
            Data = new float[Stride * (height + 2 * Border)];
        }

        /// <summary>Width without the frame, px.</summary>
        public int Width { get; }

        /// <summary>Height without the frame, px.</summary>
        public int Height { get; }

        /// <summary>Floats from one row to the next.</summary>
        public int Stride { get; }

        /// <summary>The floats, frame included.</summary>
        public float[] Data { get; }

        /// <summary>Where pixel (0, 0) lies in <see cref="Data"/>.</summary>
        public int Origin => Border * Stride + Border;

        /// <summary>Row <paramref name="y"/> without the frame.</summary>
        public Span<float> Row(int y) => Framed(y, 0, Width);

        /// <summary>A stretch of row <paramref name="y"/>, which may reach into the frame.</summary>
        public Span<float> Framed(int y, int x, int count) => Data.AsSpan(Origin + y * Stride + x, count);

        internal void ExtendBorder()
        {
            for (int y = 0; y < Height; y++)
            {
                var row = Row(y);
                Framed(y, -Border, Border).Fill(row[0]);
                Framed(y, Width, Border).Fill(row[^1]);
            }
            var first = Framed(0, -Border, Stride);
            var last = Framed(Height - 1, -Border, Stride);
            for (int i = 1; i <= Border; i++)
            {
                first.CopyTo(Framed(-i, -Border, Stride));
                last.CopyTo(Framed(Height - 1 + i, -Border, Stride));
            }
        }
    }
}
