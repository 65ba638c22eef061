using MetricDepth.Export.Frames;

namespace MetricDepth.Export.PointClouds;

/// <summary>A point cloud for each frame, in a folder.</summary>
internal static class FrameClouds
{
    /// <summary>Refuses a folder with files of the names that will be written, before any work is done.</summary>
    /// <param name="plan">How the files are named.</param>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="frames">The frames.</param>
    public static void ThrowIfAnyExists(PointCloudPlan plan, string folder, IEnumerable<long> frames)
    {
        if (!Directory.Exists(folder)) return;
        foreach (long frame in frames)
            OutputName.ThrowIfUnusable(plan.FilePath(folder, frame), overwrite: false);
    }

    /// <summary>Writes them.</summary>
    /// <param name="pass">The frames.</param>
    /// <param name="plan">How the files look.</param>
    /// <param name="folder">The folder; it is made if need be, and taken away again if nothing comes into it.</param>
    /// <param name="written">Given each finished file.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; files already handed out stay.</param>
    public static void Write(FrameExportPass pass, PointCloudPlan plan, string folder, Action<FileInfo> written,
        IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        bool madeFolder = MakeFolder(folder);
        try
        {
            pass.Run(() => new CloudFrame(pass, plan),
                () =>
                {
                    var projector = new PointProjector(pass.Camera, plan.Fields);
                    var row = new PointBuffer(pass.Camera.Width, plan.Fields);
                    return frame => frame.Encode(projector, row, cancellation);
                },
                frame => written(Save(frame)), "Exporting point clouds", progress, cancellation);
        }
        catch when (madeFolder && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            throw;
        }

        FileInfo Save(CloudFrame frame)
        {
            using var file = PartialFile.Create(plan.FilePath(folder, frame.Number), pass.Options.Overwrite);
            file.Complete(stream => frame.Write(stream, cancellation));
            return new(file.FinalPath);
        }
    }

    private static bool MakeFolder(string folder)
    {
        if (Directory.Exists(folder)) return false;
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("DestinationNotWritable", FailureKind.Storage,
                $"The folder '{folder}' cannot be made: {e.Message} Give another -DestinationPath.", e);
        }
    }
}
