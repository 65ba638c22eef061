using System.IO.Compression;
using MetricDepth.Export.Frames;
using MetricDepth.Imaging;

namespace MetricDepth.Export.Meshes;

/// <summary>A worker that makes meshes of frames and writes them under passing names: there are as many meshes in memory as workers, not as frames.</summary>
internal sealed class DepthMeshWriter
{
    private readonly DepthMeshExportOptions _options;
    private readonly FrameFolder _folder;
    private readonly string _comment;
    private readonly CancellationToken _cancellation;
    private readonly DepthSurface _surface;
    private readonly TriangleMesh _mesh = new();
    private readonly Plane<uint>? _picture;
    private readonly MeshTexture? _texture;

    /// <summary>Makes the scratch.</summary>
    /// <param name="pass">The pass whose frames come.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellation">Stops in the middle of a frame.</param>
    public DepthMeshWriter(FrameExportPass pass, DepthMeshExportOptions options, FrameFolder folder, CancellationToken cancellation)
    {
        (_options, _folder, _comment, _cancellation) = (options, folder, pass.CameraDescription, cancellation);
        _surface = new(pass, options);
        bool isColored = pass.Color is not null, isTextured = isColored && options.Format != MeshFormat.Ply;
        // at once, so that the pipeline sees what a worker takes
        _mesh.Reserve((long)pass.Camera.Width * pass.Camera.Height, 2L * (pass.Camera.Width - 1) * (pass.Camera.Height - 1),
            (options.Normals ? VertexParts.Normal : 0) | (isTextured ? VertexParts.TextureCoordinate : isColored ? VertexParts.Color : 0));
        if (!isTextured) return;
        _picture = new(pass.ColorSize.Width, pass.ColorSize.Height);
        _texture = new();
    }

    /// <summary>Makes the mesh of a frame, and the files, which the frame holds.</summary>
    public void Write(DepthMeshFrame frame)
    {
        _surface.Build(frame, _mesh, _cancellation);
        if (_texture is not null)
        {
            frame.Color.CopyTo(_picture!.Span);
            // beside a vertex for every pixel the picture is a small part of the file, and encoding it well takes longer than all the rest
            _texture.Set(_picture, _options.Decimate == 1 ? CompressionLevel.Fastest : CompressionLevel.Optimal);
        }
        var file = MeshFile.Create(_options.Format, _folder.FilePath(frame.Number), _texture is not null, _options.Overwrite);
        frame.Hold(file, _mesh.TriangleCount == 0);
        file.Write(_mesh, _texture, _comment, _cancellation);
    }
}
