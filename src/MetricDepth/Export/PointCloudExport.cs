using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export;

/// <summary>What <c>Export-DepthPointCloud</c> is asked to do.</summary>
public sealed record PointCloudExportOptions
{
    /// <summary>The depth.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The colour video; null for the one the depth video names.</summary>
    public string? ColorPath { get; init; }

    /// <summary>The folder to write into; null for one beside the depth video.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Export every n-th frame.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Export at most so many point clouds.</summary>
    public int? First { get; init; }

    /// <summary>Read at most so many video frames.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Leave out points whose confidence is less than this, 0..1; null for none. Needs a depth video with confidence.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>Leave out points on surface steeper than 85° to the view ray.</summary>
    public bool RemoveEdges { get; init; }

    /// <summary>Horizontal field of view, degrees; null takes the depth video's.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null takes the depth video's.</summary>
    public double? VerticalFov { get; init; }
}

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
        Check(options);
        var depth = options.Depth;
        var color = ColorVideo.FindIfKnown(depth, options.ColorPath, progress, cancellation);
        var lens = SourceLens.Resolve(options.HorizontalFov, options.VerticalFov, depth, color, progress, cancellation);
        var camera = Intrinsics.FromFieldOfView(depth.Width, depth.Height, lens.HorizontalFov, lens.VerticalFov);
        if (color is null)
            progress?.Report(FrameProgress.Warning($"'{depth.Path}' does not say which colour video it belongs to, so the points have no colour. Give -ColorPath to colour them."));

        // No frame is read that lies behind the last cloud asked for.
        long? last = options.First is { } first ? ((long)first - 1) * options.Every + 1 : null;
        long? limit = Least(options.MaxFrames, last);
        long? total = Least(Least(depth.FrameCount, color?.FrameCount), limit);
        string folder = Path.GetFullPath(options.DestinationPath ?? OutputName.PointCloudFolder(depth.Path));
        if (!options.Overwrite) ThrowIfAnyExists(folder, options.Every, total);
        using var depthReader = DepthVideoReader.Open(depth, options.MinConfidence, new() { MaxFrames = limit }, cancellation);
        using var colorReader = color is null ? null : FrameReader.Open(color,
            ColorVideo.Reading(color, depth, limit) with { Width = depth.Width, Height = depth.Height }, cancellation);
        bool madeFolder = MakeFolder(folder);
        try
        {
            bool colorEnded = false;
            long next = 0, done = 0;
            bool Wanted(PointCloudJob job) => job.Frame % options.Every == 0;
            long frames = new FramePipeline<PointCloudJob>
            {
                CreateJob = () => new(depth, camera, color is not null, options.RemoveEdges) { Cloud = { Comment = SourceLens.Describe(camera, lens.Source) } },
                Readers =
                [
                    job =>
                    {
                        job.Frame = next++;
                        return depthReader.ReadPixels(job.Depth);
                    },
                    // Asked only for frames that the depth video has.
                    job => colorReader is null || colorReader.Read(MemoryMarshal.AsBytes(job.Color.AsSpan())) || !(colorEnded = true),
                ],
                CreateWorker = () => job =>
                {
                    if (Wanted(job)) job.Project();
                },
                Write = job =>
                {
                    if (Wanted(job)) written(Save(job, folder, options.Overwrite));
                    progress?.Report(new("Exporting point clouds", ++done, total));
                },
            }.Run(cancellation);
            if (colorEnded) ColorVideo.ReportEnded(color!, depth, frames, progress);
        }
        catch when (madeFolder && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            throw;
        }
    }

    private static FileInfo Save(PointCloudJob job, string folder, bool overwrite)
    {
        using var file = PartialFile.Create(FilePath(folder, job.Frame), overwrite);
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

    private static void ThrowIfAnyExists(string folder, int every, long? frames)
    {
        if (!Directory.Exists(folder)) return;
        for (long frame = 0; frame < (frames ?? 1); frame += every)
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

    private static void Check(PointCloudExportOptions options)
    {
        if (options.Every < 1) throw NotPositive("-Every");
        if (options.First is < 1) throw NotPositive("-First");
        if (options.MaxFrames is < 1) throw NotPositive("-MaxFrames");
    }

    private static MetricDepthException NotPositive(string parameter) =>
        new("CountOutOfRange", FailureKind.InvalidArgument, $"{parameter} must be 1 or more.");

    private static long? Least(long? a, long? b) => a is { } x && b is { } y ? Math.Min(x, y) : a ?? b;
}
