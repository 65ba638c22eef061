using System.Globalization;
using MetricDepth.Export.Frames;

namespace MetricDepth.Export;

/// <summary>What <c>Export-DepthPointCloud</c> is asked to do.</summary>
public sealed record PointCloudExportOptions : FrameExportOptions;

/// <summary>
/// Depth video to binary PLY files, one a frame, named by the frame's number as the Python toolbox does (<c>0000030.ply</c>).
/// Metres, in the camera's axes: x right, y down, z forward. Pixels without depth make no point.
/// </summary>
public static class PointCloudExport
{
    /// <summary>Exports; each file is handed out as soon as it is complete.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="written">Given each finished file, in order of frames, on the calling thread.</param>
    /// <param name="progress">Video frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; files already handed out stay.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or a file cannot be written.</exception>
    public static void Run(PointCloudExportOptions options, Action<FileInfo> written, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var pass = new FrameExportPass(options, progress, cancellation);
        if (pass.Color is null)
            progress?.Report(FrameProgress.Warning($"'{options.Depth.Path}' does not say which colour video it belongs to, so the points have no colour. Give -ColorPath to colour them."));
        string folder = Path.GetFullPath(options.DestinationPath ?? OutputName.PointCloudFolder(options.Depth.Path));
        if (!options.Overwrite) ThrowIfAnyExists(folder, pass.Numbers);
        bool madeFolder = MakeFolder(folder);
        try
        {
            pass.Run(() => new PointCloudJob(pass), () => job => job.Project(), job => written(Save(job, folder, options.Overwrite)),
                "Exporting point clouds", progress, cancellation);
        }
        catch when (madeFolder && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            throw;
        }
    }

    private static FileInfo Save(PointCloudJob job, string folder, bool overwrite)
    {
        using var file = PartialFile.Create(FilePath(folder, job.Number), overwrite);
        try
        {
            using var stream = File.Create(file.TemporaryPath);
            job.Cloud.Write(stream);
        }
        catch (IOException e)
        {
            throw new MetricDepthException("PointCloudNotWritten", FailureKind.Storage,
                $"'{file.FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
        file.Commit();
        return new(file.FinalPath);
    }

    private static string FilePath(string folder, long frame) =>
        Path.Combine(folder, frame.ToString("D7", CultureInfo.InvariantCulture) + ".ply");

    private static void ThrowIfAnyExists(string folder, IEnumerable<long> frames)
    {
        if (!Directory.Exists(folder)) return;
        foreach (long frame in frames)
            OutputName.ThrowIfUnusable(FilePath(folder, frame), overwrite: false);
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
