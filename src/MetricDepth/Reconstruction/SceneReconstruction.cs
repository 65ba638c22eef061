using System.Diagnostics;
using System.Globalization;
using MetricDepth.Export.Frames;
using MetricDepth.Export.Meshes;
using MetricDepth.Reconstruction.Preview;
using MetricDepth.Reconstruction.Surface;

namespace MetricDepth.Reconstruction;

/// <summary>
/// Depth video and camera path to one mesh of all that was seen: every frame goes into a truncated signed distance volume (Curless and
/// Levoy, 1996), whose surface is the mesh.
/// </summary>
public static class SceneReconstruction
{
    /// <summary>Connected pieces with fewer triangles are specks that single frames left in the air.</summary>
    private const int MinPieceTriangles = 60;

    /// <summary>Reconstructs and writes one scene.</summary>
    /// <param name="options">What to make and how.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, nothing is left to make a scene of, or the result cannot be written.</exception>
    public static DepthScene Run(SceneReconstructionOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var format = options.StoredFormat;
        string destination = Path.GetFullPath(OutputName.Resolve(options.DestinationPath, OutputName.Scene(options.Depth.Path, format)));
        string? preview = options.Preview ? OutputName.ScenePreview(destination) : null;
        string?[] inputs = [options.Depth.Path, options.ColorPath ?? options.Depth.ColorPath, options.MaskPath, options.CameraPath];
        OutputName.ThrowIfUnusable(destination, options.Overwrite, inputs);
        if (preview is not null) OutputName.ThrowIfUnusable(preview, options.Overwrite, inputs);
        options = SceneSettings.Decide(options, progress, cancellation);
        var pass = new FrameExportPass(options, progress, cancellation);
        if (pass.Color is null)
            progress?.Report(FrameProgress.Warning($"'{options.Depth.Path}' does not say which colour video it belongs to, so the scene has no colour. Give -ColorPath to colour it."));
        using var file = MeshFile.Create(format, destination, isTextured: false, options.Overwrite);

        var volume = new SignedDistanceVolume(new()
        {
            VoxelSize = options.VoxelSize!.Value,
            TruncationDistance = options.TruncationDistance!.Value,
            MemoryLimit = options.MemoryLimit!.Value,
            HasColor = pass.Color is not null,
        });
        var gaze = new MeanGaze();
        long frames = 0, bytes = 0;
        var clock = Stopwatch.StartNew();
        long read = pass.Run(() => new ExportFrame(pass), () => _ => { }, frame =>
        {
            if (options.UnposedFrames.Contains(frame.Number)) return;
            volume.Integrate(frame.Depth, frame.Color, frame.Camera, frame.Pose, cancellation);
            gaze.Add(frame.Pose);
            frames++;
            bytes = Math.Max(bytes, volume.MemoryBytes);
        }, "Integrating frames", progress, cancellation);
        double rate = read / clock.Elapsed.TotalSeconds;
        TellLeftOut(options, read, frames, progress);
        TellCoarse(options, volume, progress);

        progress?.Report(new("Extracting the surface", 0, null));
        var mesh = volume.ExtractSurface(new() { MinWeight = options.MinWeight, MinPieceTriangles = MinPieceTriangles }, progress, cancellation);
        if (mesh.TriangleCount == 0) throw SceneSettings.NoDepth(options);
        file.Write(mesh, texture: null, pass.CameraDescription, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (preview is not null) TurnAroundVideo.Write(mesh, gaze, preview, options.Overwrite, progress, cancellation);
        file.Commit();

        var bounds = MeshBounds.Of(mesh);
        return new()
        {
            Path = destination,
            Format = format,
            PreviewPath = preview,
            VertexCount = mesh.VertexCount,
            TriangleCount = mesh.TriangleCount,
            IsColored = pass.Color is not null,
            Least = new(bounds.MinX, bounds.MinY, bounds.MinZ),
            Most = new(bounds.MaxX, bounds.MaxY, bounds.MaxZ),
            FrameCount = frames,
            VoxelSize = volume.VoxelSize,
            TruncationDistance = volume.TruncationDistance,
            VolumeBytes = bytes,
            FramesPerSecond = rate,
            CameraPath = options.CameraPath,
            DepthVideo = options.Depth,
        };
    }

    private static void TellLeftOut(SceneReconstructionOptions options, long read, long frames, IProgress<FrameProgress>? progress)
    {
        if (frames == 0 && read > 0)
            throw new MetricDepthException("PosesUnknown", FailureKind.InsufficientInformation,
                $"The pose of none of the frames of '{options.Depth.Path}' was solved. Look at the camera path's Frames, and solve it anew.");
        if (frames < read)
            progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"{read - frames} of {read} frames are left out, because the camera path guesses where they were taken.")));
    }

    private static void TellCoarse(SceneReconstructionOptions options, SignedDistanceVolume volume, IProgress<FrameProgress>? progress)
    {
        if (volume.VoxelSize > options.VoxelSize)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"Voxels of {options.VoxelSize:G4} m need more than {options.MemoryLimit / 1048576.0:0} MB of memory, so they became {volume.VoxelSize:G4} m. Give a larger -MemoryLimit, or a smaller -MaxDepth.")));
    }
}
