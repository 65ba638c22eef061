using MetricDepth.Export.Frames;
using MetricDepth.Imaging;

namespace MetricDepth.Export.Meshes;

/// <summary>One frame on its way to a mesh file.</summary>
internal sealed class DepthMeshFrame : ExportFrame, IDisposable
{
    private readonly DepthMeshExportOptions _options;
    private readonly string _comment;
    private readonly Plane<uint>? _picture;
    private MeshFile? _file;

    /// <summary>Makes the buffers.</summary>
    /// <param name="pass">The pass it belongs to.</param>
    /// <param name="options">What is asked for.</param>
    public DepthMeshFrame(FrameExportPass pass, DepthMeshExportOptions options)
        : base(pass)
    {
        (_options, _comment) = (options, pass.CameraDescription);
        if (Color.Length == 0 || options.Format == MeshFormat.Ply) return;
        _picture = new(pass.ColorSize.Width, pass.ColorSize.Height);
        Texture = new();
    }

    /// <summary>The mesh.</summary>
    public TriangleMesh Mesh { get; } = new();

    /// <summary>The picture on it; null for none.</summary>
    public MeshTexture? Texture { get; }

    /// <summary>Makes the mesh and writes it under a passing name.</summary>
    /// <param name="surface">Scratch of this worker.</param>
    /// <param name="destination">The file.</param>
    public void Write(DepthSurface surface, string destination)
    {
        surface.Build(this, Mesh);
        if (Texture is not null)
        {
            Color.CopyTo(_picture!.Span);
            Texture.Set(_picture);
        }
        _file = MeshFile.Create(_options.Format, destination, Texture is not null, _options.Overwrite);
        _file.Write(Mesh, Texture, _comment);
    }

    /// <summary>Gives the files their names.</summary>
    public FileInfo Commit()
    {
        var mesh = _file!.Commit();
        Dispose();
        return mesh;
    }

    /// <summary>Takes away what has no name yet.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
