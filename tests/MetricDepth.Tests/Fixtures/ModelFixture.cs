using System.Runtime.InteropServices;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Fixtures;

/// <summary>Small random-weight networks of the official classes with what PyTorch made of their inputs (made for this project).</summary>
internal static class ModelFixture
{
    /// <summary>Full path of a file of <c>Fixtures/Models</c>.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "Models", name);

    /// <summary>An array of float32 in C order, with its shape.</summary>
    public static (float[] Values, int[] Shape) Floats(string name) => ReadFloats(Path(name));

    /// <summary>Likewise of a file anywhere.</summary>
    public static (float[] Values, int[] Shape) ReadFloats(string path)
    {
        var (bytes, shape) = Bytes(path, "<f4");
        return (MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape);
    }

    /// <summary>An array of bytes (pixels) in C order, with its shape.</summary>
    public static (byte[] Values, int[] Shape) Pixels(string name) => Bytes(Path(name), "|u1");

    private static (byte[] Values, int[] Shape) Bytes(string path, string elementType)
    {
        using var stream = File.OpenRead(path);
        var header = NpyHeader.Read(stream);
        Assert.Equal((elementType, false), (header.ElementType, header.IsFortranOrder));
        var bytes = new byte[stream.Length - stream.Position];
        stream.ReadExactly(bytes);
        return (bytes, [.. header.Shape.Select(n => (int)n)]);
    }
}
