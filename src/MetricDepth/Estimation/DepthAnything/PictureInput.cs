using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.DepthAnything;

/// <summary>
/// A frame as the Depth-Anything networks take it: resized by cubic convolution, red, green and blue planes, each less ImageNet's mean and
/// over its deviation. One object serves any number of threads; a picture takes a few milliseconds of one.
/// </summary>
/// <remarks>
/// Rows are blended first, all four bytes of a pixel at once, then pixels along the blended row: each step reads memory in order, and a
/// pixel's colours sit in one register until they part to their planes. Cubic overshoot is kept, as in the original.
/// </remarks>
public sealed class PictureInput
{
    // by channel as the network has them: red, green, blue
    internal static readonly double[] Mean = [0.485, 0.456, 0.406], Deviation = [0.229, 0.224, 0.225];

    // by byte as the picture has them: blue, green, red, nothing
    private static readonly Vector128<float> Factor = Vector128.Create(
        (float)(1 / (255 * Deviation[2])), (float)(1 / (255 * Deviation[1])), (float)(1 / (255 * Deviation[0])), 0);

    private static readonly Vector128<float> Offset = Vector128.Create(
        (float)(-Mean[2] / Deviation[2]), (float)(-Mean[1] / Deviation[1]), (float)(-Mean[0] / Deviation[0]), 0);

    private readonly int sourceWidth, sourceHeight;
    private readonly ResizeTaps[] columns, rows;

    /// <summary>Prepares for frames of one size.</summary>
    /// <param name="sourceWidth">Width of the frames, px.</param>
    /// <param name="sourceHeight">Height of the frames, px.</param>
    /// <param name="width">Width of the network's input, px.</param>
    /// <param name="height">Height of the network's input, px.</param>
    public PictureInput(int sourceWidth, int sourceHeight, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        (this.sourceWidth, this.sourceHeight) = (sourceWidth, sourceHeight);
        columns = ResizeTaps.Cubic(sourceWidth, width);
        rows = ResizeTaps.Cubic(sourceHeight, height);
    }

    /// <summary>Prepares for frames of one size, resized in another way than Depth-Anything's.</summary>
    internal PictureInput(int sourceWidth, int sourceHeight, ResizeTaps[] columns, ResizeTaps[] rows) =>
        (this.sourceWidth, this.sourceHeight, this.columns, this.rows) = (sourceWidth, sourceHeight, columns, rows);

    /// <summary>Width of the network's input, px.</summary>
    public int Width => columns.Length;

    /// <summary>Height of the network's input, px.</summary>
    public int Height => rows.Length;

    /// <summary>Numbers that one picture becomes: 3 × <see cref="Height"/> × <see cref="Width"/>.</summary>
    public int Length => 3 * Width * Height;

    /// <summary>Makes the network's input from a frame.</summary>
    /// <param name="picture">BGR0, of the size this was made for. The fourth byte may be anything.</param>
    /// <param name="tensor">Receives <see cref="Length"/> numbers: red, green, blue, each row-major.</param>
    public void Fill(Plane<uint> picture, Span<float> tensor)
    {
        if (picture.Width != sourceWidth || picture.Height != sourceHeight)
            throw new ArgumentException($"The picture has {picture.Width}×{picture.Height} pixels, not {sourceWidth}×{sourceHeight}.", nameof(picture));
        if (tensor.Length != Length) throw new ArgumentException($"A picture becomes {Length} numbers, not {tensor.Length}.", nameof(tensor));
        int plane = Width * Height;
        float[] blended = ArrayPool<float>.Shared.Rent(4 * sourceWidth);
        for (int y = 0; y < Height; y++)
        {
            var tap = rows[y];
            BlendRows(Bytes(tap.I0), Bytes(tap.I1), Bytes(tap.I2), Bytes(tap.I3), tap, blended);
            int row = y * Width;
            BlendPixels(MemoryMarshal.Cast<float, Vector128<float>>(blended), tap.Share,
                tensor.Slice(row, Width), tensor.Slice(plane + row, Width), tensor.Slice(2 * plane + row, Width));
        }
        ArrayPool<float>.Shared.Return(blended);

        ReadOnlySpan<byte> Bytes(int y) => MemoryMarshal.AsBytes(picture.Row(y));
    }

    /// <summary>Four rows of bytes become one of numbers 0..255 (and a little beyond, where the cubic overshoots).</summary>
    private static void BlendRows(
        ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ResizeTaps tap, Span<float> to)
    {
        int i = 0, step = Vector<float>.Count;
        var (w0, w1, w2, w3) = (new Vector<float>(tap.W0), new Vector<float>(tap.W1), new Vector<float>(tap.W2), new Vector<float>(tap.W3));
        for (; i <= a.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(a[i..]), out var aLow, out var aHigh);
            Vector.Widen(new Vector<byte>(b[i..]), out var bLow, out var bHigh);
            Vector.Widen(new Vector<byte>(c[i..]), out var cLow, out var cHigh);
            Vector.Widen(new Vector<byte>(d[i..]), out var dLow, out var dHigh);
            Blend(aLow, bLow, cLow, dLow, to[i..]);
            Blend(aHigh, bHigh, cHigh, dHigh, to[(i + 2 * step)..]);
        }
        for (; i < a.Length; i++) to[i] = a[i] * tap.W0 + b[i] * tap.W1 + c[i] * tap.W2 + d[i] * tap.W3;

        void Blend(Vector<ushort> p, Vector<ushort> q, Vector<ushort> r, Vector<ushort> s, Span<float> into)
        {
            Vector.Widen(p, out var p0, out var p1);
            Vector.Widen(q, out var q0, out var q1);
            Vector.Widen(r, out var r0, out var r1);
            Vector.Widen(s, out var s0, out var s1);
            (Number(p0) * w0 + Number(q0) * w1 + Number(r0) * w2 + Number(s0) * w3).CopyTo(into);
            (Number(p1) * w0 + Number(q1) * w1 + Number(r1) * w2 + Number(s1) * w3).CopyTo(into[step..]);
        }

        static Vector<float> Number(Vector<uint> value) => Vector.ConvertToSingle(Vector.AsVectorInt32(value));
    }

    /// <summary>Along the row: four pixels of four numbers become one, normalised, and go each to its plane. A margin is of the mean colour, 0.</summary>
    private void BlendPixels(ReadOnlySpan<Vector128<float>> pixels, float share, Span<float> red, Span<float> green, Span<float> blue)
    {
        for (int x = 0; x < columns.Length; x++)
        {
            ref readonly var tap = ref columns[x];
            var value = pixels[tap.I0] * tap.W0 + pixels[tap.I1] * tap.W1 + pixels[tap.I2] * tap.W2 + pixels[tap.I3] * tap.W3;
            value = value * Factor + Offset * (share * tap.Share);
            (blue[x], green[x], red[x]) = (value.GetElement(0), value.GetElement(1), value.GetElement(2));
        }
    }
}
