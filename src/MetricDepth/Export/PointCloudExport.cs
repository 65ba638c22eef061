using MetricDepth.Export.Frames;
using MetricDepth.Export.PointClouds;
using MetricDepth.Rendering;

namespace MetricDepth.Export;

/// <summary>
/// Depth video to point clouds: one a frame, named by the frame's number as the Python toolbox does (<c>0000030.ply</c>), or one of
/// all frames. Metres, in the camera's axes (x right, y down, z forward), or with a camera path in those of one frame's camera.
/// Pixels without depth make no point.
/// </summary>
public static class PointCloudExport
{
    /// <summary>How much disk an export takes at most, as far as it can be told before the videos are looked at.</summary>
    /// <param name="options">What to export.</param>
    /// <exception cref="MetricDepthException">The options contradict each other.</exception>
    public static ExportSize Size(PointCloudExportOptions options) =>
        new PointCloudPlan(options, ColorVideo.IsKnown(options.Depth, options.ColorPath)).Size(options.Count(options.Depth.FrameCount));

    /// <summary>The file of a merged cloud when nobody says otherwise: <c>…_depth.mkv_points.ply</c>.</summary>
    /// <param name="depthPath">The depth video.</param>
    /// <param name="format">The kind of file.</param>
    public static string MergedFile(string depthPath, PointCloudFormat format) =>
        OutputName.MergedPointCloud(depthPath, PointCloudFormatInfo.Of(format).Extension);

    /// <summary>The format that a file's name says; null if none.</summary>
    /// <param name="path">The file, which need not exist.</param>
    public static PointCloudFormat? FormatOf(string? path) => PointCloudFormatInfo.Named(path);

    /// <summary>Exports; each file is handed out as soon as it is complete.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="written">Given each finished file, in order of frames, on the calling thread.</param>
    /// <param name="progress">Video frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; files already handed out stay.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or a file cannot be written.</exception>
    public static void Run(PointCloudExportOptions options, Action<FileInfo> written, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        _ = new PointCloudPlan(options, isColored: false); // contradictions first: looking for the lens may take a while
        var pass = new FrameExportPass(options, progress, cancellation);
        var plan = new PointCloudPlan(options, pass.Color is not null);
        if (pass.Color is null)
            progress?.Report(FrameProgress.Warning($"'{options.Depth.Path}' does not say which colour video it belongs to, so the points have no colour. Give -ColorPath to colour them."));
        if (options is { Merge: true, CameraPath: null } && pass.Total is not 1)
            progress?.Report(FrameProgress.Warning("Without -CameraPath the frames are put on top of each other as they are, which is right only if the camera stood still. Measure-CameraPose finds how it moved."));
        string destination = Path.GetFullPath(options.DestinationPath ?? (options.Merge ? plan.DefaultFile : OutputName.PointCloudFolder(options.Depth.Path)));
        if (options.Merge) OutputName.ThrowIfUnusable(destination, options.Overwrite, options.Depth.Path, pass.Color?.Path, options.MaskPath, options.CameraPath);
        else if (!options.Overwrite) FrameClouds.ThrowIfAnyExists(plan, destination, pass.Numbers);
        plan.Size(pass.Total).Announce(destination, plan.Advice, progress);
        if (options.Merge) written(MergedCloud.Write(pass, plan, destination, progress, cancellation));
        else FrameClouds.Write(pass, plan, destination, written, progress, cancellation);
    }
}
