using MetricDepth.Export.Frames;

namespace MetricDepth.Export.Meshes;

/// <summary>One frame on its way to a mesh file.</summary>
/// <param name="pass">The pass it belongs to.</param>
internal sealed class DepthMeshFrame(FrameExportPass pass) : ExportFrame(pass), IDisposable
{
    private MeshFile? _file;

    /// <summary>Whether it has no surface.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Takes the files made of it, which have no names yet.</summary>
    /// <param name="file">The files.</param>
    /// <param name="isEmpty">Whether there is no surface in them.</param>
    public void Hold(MeshFile file, bool isEmpty) => (_file, IsEmpty) = (file, isEmpty);

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
