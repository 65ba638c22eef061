using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Infill;

/// <summary>The background that a stereo video's holes are filled from: read from a file, collected from the clip, or both.</summary>
internal sealed class StereoBackground : IDisposable
{
    private readonly PartialFile? _file;

    private StereoBackground(BackgroundClusters clusters, PartialFile? file) => (Clusters, _file) = (clusters, file);

    /// <summary>The background, ready for drawing.</summary>
    public BackgroundClusters Clusters { get; }

    /// <summary>The file that it is saved as, once <see cref="Keep"/> has been called; null otherwise.</summary>
    public string? SavedPath { get; private set; }

    /// <summary>Reads or collects the background; null if none is asked for.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="color">The colour video.</param>
    /// <param name="plan">The clip's camera in each frame.</param>
    /// <param name="path">How it moves; null if it stands still.</param>
    /// <param name="destination">The stereo video.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MetricDepthException">The inputs cannot be used, or the background cannot be saved.</exception>
    public static StereoBackground? Prepare(StereoRenderOptions options, VideoClip color, StereoPlan plan, ViewerPath? path,
        string destination, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        bool isCollected = options.MaskPath is not null || options.BackgroundDepth is not null || options.SaveBackground;
        if (!isCollected && options.BackgroundPath is null) return null;
        string saveAs = OutputName.Background(options.Depth.Path, destination);
        if (options.SaveBackground)
            OutputName.ThrowIfUnusable(saveAs, options.Overwrite, options.Depth.Path, color.Path, options.MaskPath, options.CameraPath, options.BackgroundPath);
        var file = options.SaveBackground ? PartialFile.Create(saveAs, options.Overwrite) : null;
        try
        {
            var plate = options.BackgroundPath is null ? null : BackgroundPlate.Load(options.BackgroundPath, cancellation);
            if (isCollected)
                plate = BackgroundPass.Run(new()
                {
                    Depth = options.Depth,
                    Color = color,
                    Camera = plan.CameraOf,
                    CameraToReference = frame => path?.CameraToReference(frame) ?? Pose.Identity,
                    MaskPath = options.MaskPath,
                    BackgroundDepth = options.BackgroundDepth,
                    MinConfidence = options.MinConfidence,
                    Start = plate,
                    MaxFrames = options.MaxFrames,
                }, progress, cancellation);
            if (file is not null) plate!.Save(file.TemporaryPath, cancellation);
            return new(new(plate!, plan.CameraOf(0), cancellation), file);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Gives the saved background its name.</summary>
    public void Keep()
    {
        _file?.Commit();
        SavedPath = _file?.FinalPath;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
