using System.IO.Compression;
using MetricDepth.Imaging;

namespace MetricDepth.Export.Meshes;

/// <summary>The picture on a mesh, encoded as PNG; its memory is kept for the next frame.</summary>
internal sealed class MeshTexture
{
    private readonly MemoryStream _png = new();

    /// <summary>The file's bytes.</summary>
    public ReadOnlySpan<byte> Png => _png.GetBuffer().AsSpan(0, (int)_png.Length);

    /// <summary>Takes a picture.</summary>
    /// <param name="picture">BGR0.</param>
    /// <param name="compression">How hard to try.</param>
    public void Set(Plane<uint> picture, CompressionLevel compression)
    {
        _png.SetLength(0);
        Imaging.Png.Write(picture, _png, compression);
    }
}
