namespace MetricDepth.Imaging;

/// <summary>A picture of one value per pixel: H×W, row-major, no padding.</summary>
/// <remarks>Colour is a <c>Plane&lt;uint&gt;</c> of BGR0 pixels: bytes blue, green, red, 0 (0x00RRGGBB), the layout FFV1 stores.</remarks>
/// <typeparam name="T">The value: <see cref="float"/> for depth in metres (0 = none), <see cref="uint"/> for colour, <see cref="byte"/> for grey.</typeparam>
public sealed class Plane<T> where T : unmanaged
{
    /// <summary>The largest side accepted, px.</summary>
    public const int MaxSide = 32768;

    /// <summary>Creates a plane of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not in 1..<see cref="MaxSide"/>.</exception>
    public Plane(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        Width = width;
        Height = height;
        Data = new T[width * (long)height];
    }

    /// <summary>Width, px.</summary>
    public int Width { get; }

    /// <summary>Height, px.</summary>
    public int Height { get; }

    /// <summary>The values, H×W, row-major.</summary>
    public T[] Data { get; }

    /// <summary>All values as a span.</summary>
    public Span<T> Span => Data;

    /// <summary>The raw bytes, as they go through a pipe.</summary>
    public Span<byte> Bytes => System.Runtime.InteropServices.MemoryMarshal.AsBytes(Data.AsSpan());

    /// <summary>The value at column <paramref name="x"/>, row <paramref name="y"/>.</summary>
    public ref T this[int x, int y] => ref Data[y * Width + x];

    /// <summary>Row <paramref name="y"/>.</summary>
    public Span<T> Row(int y) => Data.AsSpan(y * Width, Width);
}
