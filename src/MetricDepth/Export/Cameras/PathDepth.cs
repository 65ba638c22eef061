using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Export.DepthVideos;
using MetricDepth.Export.Frames;
using MetricDepth.Export.Ply;
using MetricDepth.Export.PointClouds;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export.Cameras;

/// <summary>
/// The depth video along an exported path: a picture a frame, and all of it as points. Depth that is more likely wrong than right (where
/// its estimator says so), and depth at the end of what a depth video can store, is none: what trains on it would build walls that are not there.
/// </summary>
internal sealed class PathDepth
{
    /// <summary>The most points: about what trainers of Gaussians make of a large capture before they start to grow it; they hold 700 bytes and more for each.</summary>
    public const int MostPoints = 500_000;

    /// <summary>The most frames that become points. Neighbouring frames see the same: of a minute these are a third of a second apart.</summary>
    public const int MostMergedFrames = 200;

    private const double LeastConfidence = 0.5;

    // steps of nerfstudio's depth pictures, m, unless its depth_unit_scale_factor says otherwise
    private const double Millimetre = 0.001;

    // rates written by different programs differ in the last digits
    private const double SameRate = 5e-4;

    private readonly DepthVideo _depth;
    private readonly VideoClip? _color;

    private PathDepth(DepthVideo depth, VideoClip? color) => (_depth, _color) = (depth, color);

    /// <summary>The depth of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="clip">What belongs to it.</param>
    /// <param name="progress">Told when the unit is doubtful.</param>
    /// <exception cref="MetricDepthException">There is none, or path and depth have not the same unit or frames.</exception>
    public static PathDepth Of(CameraPath path, PathClip clip, IProgress<FrameProgress>? progress)
    {
        var depth = clip.Depth ?? throw new MetricDepthException("DepthVideoUnknown", FailureKind.InvalidArgument,
            $"-DepthImages and -DepthPoints take the depth of the clip, and nothing says which depth video belongs to '{path}'. Give it as -DepthVideo; ConvertTo-MetricDepth makes one.");
        if (clip.Color is { } color && Math.Abs(color.FrameRate.Value / depth.FrameRate.Value - 1) > SameRate && path.FrameCount != depth.FrameCount)
            throw new MetricDepthException("DepthRateMismatch", FailureKind.InvalidArgument,
                $"'{depth.Path}' has {depth.FrameRate} frames per second and its clip {color.FrameRate}, so its frames are not those of the path. Give depth that was made without -TargetFrameRate.");
        ThrowIfUnitsDiffer(path, depth, progress);
        return new(depth, clip.Color);
    }

    /// <summary>How much disk a depth picture takes at most, bytes.</summary>
    public double PictureBytes => PictureLimit(_depth.Width, _depth.Height);

    /// <summary>How much disk a depth picture takes at most, bytes.</summary>
    public static double PictureLimit(int width, int height)
    {
        const int ChunksAndTexts = 2048;
        return 2.0 * width * height + ChunksAndTexts;
    }

    /// <summary>Writes the depth of each frame: a 16-bit grey PNG in millimetres, of the depth video's size; 0 is no depth.</summary>
    /// <param name="path">The frames.</param>
    /// <param name="output">Receives them in the folder <see cref="ExportedPath.DepthFolder"/>, under the pictures' names.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MetricDepthException">The depth video ends before the path, or a file cannot be written.</exception>
    public void WritePictures(ExportedPath path, CameraFileSet output, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var tags = DepthVideoTags.WriteExport(_depth with { ColorPath = null, HorizontalFov = path.Camera.HorizontalFov, VerticalFov = path.Camera.VerticalFov },
            _depth.FrameRate, new DepthEncoding(Millimetre));
        long beyond = 0;
        Go(path, () =>
        {
            var pass = new FrameExportPass(Options([.. path.Poses.Select(p => p.Frame)]), progress, cancellation, FrameNeeds.Depth);
            return pass.Run(
                () => new DepthVideoJob(pass, new Png16Encoder(_depth.Width, _depth.Height, Millimetre, tags)),
                () => job => job.Encoder.Encode(job.Number, job.Depth, job.Color),
                job =>
                {
                    beyond += job.Encoder.OutOfRange;
                    output.Add($"{ExportedPath.DepthFolder}/{ExportedPath.ImageName(job.Number)}", stream => stream.Write(job.Encoder.Bytes), isPicture: true);
                },
                "Writing depth pictures", progress, cancellation);
        });
        if (beyond > 0)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{beyond:N0} pixels are farther than 65.535 m, the most that 16 bits hold in millimetres; they were written as 0, no depth.")));
    }

    /// <summary>Merges the depth of some frames, evenly spread over the path, in cells; steep edges and what more of them see through than see are left out.</summary>
    /// <param name="path">The frames and where they were.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The points, in the axes of the path.</returns>
    /// <exception cref="MetricDepthException">There is no depth, or the depth video ends before the path.</exception>
    public DepthCloud Merge(ExportedPath path, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (_color is null)
            progress?.Report(FrameProgress.Warning("Nothing says which clip the path belongs to, so the points have no colour. Give -ColorPath to colour them."));
        double median = DepthSurvey.Median(_depth, MinConfidence, 0, _depth.FarthestTold, path.Poses[^1].Frame + 1, cancellation) ?? throw NoDepth();
        var chosen = ThinOut(path.Poses);
        var poses = chosen.ToDictionary(p => p.Frame, p => p.Pose);
        var camera = path.Camera.Resized(_depth.Width, _depth.Height);
        var fields = _color is null ? VertexFields.None : VertexFields.Color;
        var cells = new VoxelGrid(VoxelSize.Of(median), fields, MostPoints);
        Go(path, () =>
        {
            // the lens that is written, so that points lie where the written cameras see them
            var options = Options([.. chosen.Select(p => p.Frame)]) with { HorizontalFov = camera.HorizontalFov, VerticalFov = camera.VerticalFov, RemoveEdges = true };
            var pass = new FrameExportPass(options, progress, cancellation, _color is null ? FrameNeeds.Depth : FrameNeeds.Color | FrameNeeds.Lens);
            return pass.Run(() => new MergedFrame(pass, fields),
                () =>
                {
                    var projector = new PointProjector(camera, fields);
                    return frame =>
                    {
                        frame.Pose = poses[frame.Number];
                        frame.Project(projector, cancellation);
                    };
                },
                // in the order of frames, so that the result does not depend on how many workers there are
                frame => cells.Add(frame.Points, _ => { }), "Merging depth", progress, cancellation);
        });
        if (cells.Count == 0) throw NoDepth();
        var points = new PointBuffer(cells.Count, fields);
        cells.Read(0, points);
        var vote = new SightVote(points, camera, cells.Size);
        Go(path, () =>
        {
            var pass = new FrameExportPass(Options([.. chosen.Select(p => p.Frame)]), progress, cancellation, FrameNeeds.Depth);
            return pass.Run(() => new VotingFrame(pass, points.Count),
                () => frame => vote.Ask(frame.Depth, poses[frame.Number], frame.Votes),
                frame => vote.Count(frame.Votes), "Checking points", progress, cancellation);
        });
        int taken = vote.Apply();
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The median depth is {median:0.##} m: {chosen.Count} frames became {points.Count} points, one for each cell of {cells}, without {taken} that more frames see through than see.")));
        return new(points, chosen.Count, cells.ToString());
    }

    private double? MinConfidence => _depth.ConfidencePath is null ? null : LeastConfidence;

    private FrameExportOptions Options(IReadOnlyList<long> frames) => new()
    {
        Depth = _depth with { ColorPath = null },
        ColorPath = _color?.Path,
        Frames = frames,
        MinConfidence = MinConfidence,
        MaxDepth = _depth.FarthestTold,
    };

    private static IReadOnlyList<ExportedPose> ThinOut(IReadOnlyList<ExportedPose> poses) => poses.Count <= MostMergedFrames ? poses
        : [.. Enumerable.Range(0, MostMergedFrames).Select(i => poses[(int)((2L * i + 1) * poses.Count / (2 * MostMergedFrames))])];

    /// <summary>Says what to do where a video has not all frames of the path.</summary>
    private void Go(ExportedPath path, Func<long> run)
    {
        try
        {
            run();
        }
        catch (MetricDepthException e) when (e.ErrorId == PickedFrames.BeyondEnd)
        {
            throw new MetricDepthException("DepthVideoTooShort", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"The path reaches to frame {path.Poses[^1].Frame}, and '{_depth.Path}' or its clip ends before. Give the depth video of this path as -DepthVideo, and its clip as -ColorPath."), e);
        }
    }

    private MetricDepthException NoDepth() => new("DepthEmpty", FailureKind.InsufficientInformation,
        $"'{_depth.Path}' holds no depth that can be trusted, so there is nothing to make points of. Leave -DepthPoints out, or give another -DepthVideo.");

    private static void ThrowIfUnitsDiffer(CameraPath path, DepthVideo depth, IProgress<FrameProgress>? progress)
    {
        bool isMetric = depth.Scale == DepthScale.Metric;
        if (path.Scale == CameraPathScale.Relative && isMetric)
            throw new MetricDepthException("CameraPathNotMetric", FailureKind.InvalidArgument,
                $"'{path}' is right up to one factor, and '{depth.Path}' is in metres: they would not fit together. Measure the path with this depth (Measure-CameraPose -DepthVideo), or import it with Import-CameraPath -ScaleFactor.");
        if (path.Scale == CameraPathScale.Metric && !isMetric)
            throw new MetricDepthException("DepthNotMetric", FailureKind.InvalidArgument,
                $"'{path}' is in metres, and the metres of '{depth.Path}' are {(depth.Scale == DepthScale.Assumed ? "assumed" : "relative")}: they would not fit together. Make the depth with this path (ConvertTo-MetricDepth -CameraPath), or measure the path with this depth (Measure-CameraPose -DepthVideo).");
        bool isMeasuredWith = path.Path is { } file && OutputName.VideoOfCameraPath(file) is { } owner
            && string.Equals(Path.GetFullPath(owner), Path.GetFullPath(depth.Path), StringComparison.Ordinal);
        if (!isMetric && !isMeasuredWith && path.Scale != CameraPathScale.None)
            progress?.Report(FrameProgress.Warning(
                $"The metres of '{depth.Path}' are assumed. Depth and cameras fit together only if '{path}' was measured with this depth video (Measure-CameraPose -DepthVideo)."));
    }
}
