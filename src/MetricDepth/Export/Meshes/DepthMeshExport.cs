using System.Globalization;
using MetricDepth.Export.Frames;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Depth video to meshes, one a frame, named by the frame's number as the Python toolbox does (<c>0000030.glb</c>): the surface through
/// the pixels, with the frame as its texture. Metres, in the camera's axes (x right, y down, z forward; GLB has y up, z backward), or
/// with a camera path in those of one frame's camera.
/// </summary>
public static class DepthMeshExport
{
    private const int MostNamed = 5;

    /// <summary>How much disk an export takes at most.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="cancellation">Stops looking at the colour video.</param>
    /// <exception cref="MetricDepthException">The options contradict each other, or the colour video cannot be used.</exception>
    public static ExportSize Size(DepthMeshExportOptions options, CancellationToken cancellation)
    {
        options.ThrowIfUnusable();
        options.ThrowIfNotPossible();
        return Size(options, ColorVideo.FindIfKnown(options.Depth, options.ColorPath, null, cancellation), options.Count(options.Depth.FrameCount));
    }

    /// <summary>Exports; each mesh is handed out as soon as it is complete.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="written">Given each finished mesh, in order of frames, on the calling thread; the files beside an OBJ are then there too.</param>
    /// <param name="progress">Video frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; files already handed out stay.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or a file cannot be written.</exception>
    public static void Run(DepthMeshExportOptions options, Action<FileInfo> written, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        options.ThrowIfNotPossible();
        var pass = new FrameExportPass(options, progress, cancellation,
            FrameNeeds.Lens | (options.Format == MeshFormat.Ply ? FrameNeeds.Color : FrameNeeds.FullSizeColor));
        if (pass.Color is null)
            progress?.Report(FrameProgress.Warning($"'{options.Depth.Path}' does not say which colour video it belongs to, so the meshes have no {(options.Format == MeshFormat.Ply ? "colour" : "texture")}. Give -ColorPath to have it."));
        string destination = Path.GetFullPath(options.DestinationPath ?? OutputName.MeshFolder(options.Depth.Path));
        using var folder = new FrameFolder(destination, MeshFile.Extension(options.Format), options.Overwrite, pass.Numbers);
        if (!options.Overwrite) ThrowIfCompanionExists(folder, pass, options.Format);
        Size(options, pass.Color, pass.Total).Announce(destination, Advice(options), progress);
        var frames = new List<DepthMeshFrame>();
        var empty = new List<long>();
        try
        {
            pass.Run(
                () =>
                {
                    var frame = new DepthMeshFrame(pass);
                    frames.Add(frame);
                    return frame;
                },
                () => new DepthMeshWriter(pass, options, folder, cancellation).Write,
                frame =>
                {
                    if (frame.IsEmpty) empty.Add(frame.Number);
                    written(frame.Commit());
                },
                "Exporting meshes", progress, cancellation);
        }
        finally
        {
            foreach (var frame in frames) frame.Dispose();
        }
        if (empty.Count > 0) progress?.Report(FrameProgress.Warning(EmptyFrames(empty)));
    }

    private static string Advice(DepthMeshExportOptions options) => "-Every and -First take fewer frames"
        + (options.Format == MeshFormat.Obj ? ", -Format Glb a third of the room" : "")
        + (options.Decimate > 1 ? "; where the depth is flat, -Decimate makes it much less." : ", and -Decimate makes fewer triangles.");

    private static void ThrowIfCompanionExists(FrameFolder folder, FrameExportPass pass, MeshFormat format)
    {
        if (format != MeshFormat.Obj || pass.Color is null || !Directory.Exists(folder.Path)) return;
        foreach (long frame in pass.Numbers)
            foreach (string path in MeshFile.PathsOf(format, folder.FilePath(frame), isTextured: true))
                OutputName.ThrowIfUnusable(path, overwrite: false);
    }

    private static ExportSize Size(DepthMeshExportOptions options, VideoClip? color, long? frames)
    {
        var (width, height) = (options.Depth.Width, options.Depth.Height);
        long vertices = (long)width * height, triangles = 2L * (width - 1) * (height - 1);
        double bytes = MeshSize.Most(options.Format, vertices, triangles, options.Normals, hasColor: color is not null);
        if (color is not null && options.Format != MeshFormat.Ply) bytes += MeshSize.MostPng(color.Width, color.Height);
        return new(frames, bytes, IsLimit: true);
    }

    private static string EmptyFrames(List<long> frames)
    {
        string numbers = string.Join(", ", frames.Take(MostNamed).Select(n => n.ToString(CultureInfo.InvariantCulture)));
        return frames.Count == 1
            ? $"Frame {numbers} has no surface (no depth, or all of it left out): its mesh is empty."
            : string.Create(CultureInfo.InvariantCulture, $"{frames.Count} frames have no surface (no depth, or all of it left out): the meshes of frames {numbers}{(frames.Count > MostNamed ? " ..." : "")} are empty.");
    }
}
