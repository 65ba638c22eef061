namespace MetricDepth.Export.Meshes;

/// <summary>
/// A mesh on its way to disk: one file, or with an OBJ and a texture three of one name. They get their names together when all are
/// complete; until then, and without <see cref="Commit"/>, nothing is there.
/// </summary>
internal sealed class MeshFile : IDisposable
{
    private readonly List<PartialFile> _files = [];
    private readonly MeshFormat _format;

    private MeshFile(MeshFormat format) => _format = format;

    /// <summary>Every file that there will be, full paths; the mesh itself comes first.</summary>
    public IEnumerable<string> Paths => _files.Select(f => f.FinalPath);

    /// <summary>Checks that the destination can be written, before any work is done.</summary>
    /// <param name="format">How to store it.</param>
    /// <param name="destination">The file.</param>
    /// <param name="isTextured">Whether it will have a texture; of no importance but to OBJ.</param>
    /// <param name="overwrite">Replace existing files.</param>
    /// <exception cref="MetricDepthException">A file exists and overwriting was not asked for, the folder is missing or read-only.</exception>
    public static MeshFile Create(MeshFormat format, string destination, bool isTextured, bool overwrite)
    {
        var mesh = new MeshFile(format);
        try
        {
            foreach (string path in PathsOf(format, destination, isTextured))
                mesh._files.Add(PartialFile.Create(path, overwrite));
            return mesh;
        }
        catch
        {
            mesh.Dispose();
            throw;
        }
    }

    /// <summary>The files that a mesh takes; the mesh itself comes first.</summary>
    /// <param name="format">How it is stored.</param>
    /// <param name="destination">The file.</param>
    /// <param name="isTextured">Whether it has a texture.</param>
    public static IReadOnlyList<string> PathsOf(MeshFormat format, string destination, bool isTextured)
    {
        if (format != MeshFormat.Obj || !isTextured) return [destination];
        string folder = Path.GetDirectoryName(Path.GetFullPath(destination)) ?? "";
        return [destination, Path.Combine(folder, ObjMaterial.Beside(destination, ".mtl")), Path.Combine(folder, ObjMaterial.Beside(destination, ".png"))];
    }

    /// <summary>The ending of a mesh file's name, with the dot.</summary>
    public static string Extension(MeshFormat format) => format switch
    {
        MeshFormat.Glb => ".glb",
        MeshFormat.Obj => ".obj",
        _ => ".ply",
    };

    /// <summary>Writes the files; afterwards they are complete, but have not their names yet.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="texture">The picture on it; null where none was announced. PLY has none: colours of vertices stand for it.</param>
    /// <param name="comment">A line about it, ASCII; null for none. GLB has no place for it.</param>
    /// <param name="cancellation">Stops in the middle; what is there then goes with <see cref="Dispose"/>.</param>
    /// <exception cref="MetricDepthException">A disk is full, the mesh is larger than the format allows, or a coordinate is no number.</exception>
    public void Write(TriangleMesh mesh, MeshTexture? texture, string? comment, CancellationToken cancellation)
    {
        var bounds = MeshBounds.Of(mesh);
        if (mesh.VertexCount > 0 && !bounds.IsFinite)
            throw new MetricDepthException("MeshNotFinite", FailureKind.InvalidData,
                $"'{_files[0].FinalPath}' cannot be written: the mesh has coordinates that are no numbers. Check the camera path, whose poses must be finite.");
        bool isTextured = texture is not null;
        Save(0, stream =>
        {
            switch (_format)
            {
                case MeshFormat.Glb: GlbMesh.Write(mesh, texture, bounds, stream, cancellation); break;
                case MeshFormat.Obj: ObjMesh.Write(mesh, comment, _files.Count > 1 ? Path.GetFileName(_files[1].FinalPath) : null, stream, cancellation); break;
                default: PlyMesh.Write(mesh, comment, stream, cancellation); break;
            }
        });
        if (_files.Count == 1 || !isTextured) return;
        Save(1, stream => ObjMaterial.Write(Path.GetFileName(_files[2].FinalPath), stream));
        Save(2, stream => stream.Write(texture!.Png));
    }

    /// <summary>Gives the files their names, the mesh last, so that what it refers to is there.</summary>
    /// <returns>The mesh.</returns>
    public FileInfo Commit()
    {
        for (int i = _files.Count - 1; i >= 0; i--) _files[i].Commit();
        return new(_files[0].FinalPath);
    }

    /// <summary>Deletes what has not got its name.</summary>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private void Save(int index, Action<Stream> write)
    {
        var file = _files[index];
        try
        {
            using var stream = new FileStream(file.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            write(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("MeshNotWritten", FailureKind.Storage,
                $"'{file.FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
    }
}
