using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Infill;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Depth video to stereo video, the fast path of DESIGN §7.</summary>
public static class StereoRender
{
    private const double LargestPupillaryDistance = 10_000;

    /// <summary>
    /// Renders one stereo video at the size of the colour video. The left eye is half the pupillary distance to the left of the
    /// camera that took it, the right eye as far to the right; both look along its axis, and a point at depth z moves by
    /// <c>fx · (pupillaryDistance/2) / z</c> pixels in each.
    /// </summary>
    /// <param name="options">What to render and how.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or the result cannot be written.</exception>
    public static StereoVideo Run(StereoRenderOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        Check(options);
        var depth = options.Depth;
        var color = ColorVideo.Find(depth, options.ColorPath, progress, cancellation);
        var fieldsOfView = options.FieldOfViewPath is { } list ? FieldOfViewList.Load(list) : null;
        var lens = fieldsOfView is null ? SourceLens.Resolve(options.HorizontalFov, options.VerticalFov, depth, color, progress, cancellation)
            : new(fieldsOfView[0], null, FieldOfViewSource.Given);
        var camera = Intrinsics.FromFieldOfView(color.Width, color.Height, lens.HorizontalFov, lens.VerticalFov);
        long? total = Least(Least(depth.FrameCount, color.FrameCount), options.MaxFrames);
        var path = ViewerPath.Load(options.CameraPath, options.LockFrame, options.FollowCamera, total);
        var plan = new StereoPlan(options, camera, fieldsOfView, path);
        var (eyeWidth, eyeHeight) = EyeSize.For(options, camera);
        var arrangement = StereoArrangement.For(options.Layout, eyeWidth, eyeHeight, new(options.TouchlyMinDepth ?? 0, options.TouchlyMaxDepth ?? TouchlyDepth.DefaultMax));
        EyeSize.Report(options, arrangement, progress);
        if ((long)arrangement.Width * arrangement.Height * sizeof(uint) > Array.MaxLength)
            throw new MetricDepthException("PictureTooLarge", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A stereo picture of {arrangement.Width}x{arrangement.Height} pixels is too large. Scale the clip down first{(arrangement.Projection == EyeProjection.Perspective ? "" : ", or give a smaller -EyeSize")}."));

        string destination = OutputName.Resolve(options.DestinationPath, OutputName.StereoVideo(depth.Path, options.Layout));
        string? maskPath = options.InfillMask ? OutputName.InfillMask(destination) : null;
        OutputName.ThrowIfUnusable(destination, options.Overwrite, depth.Path, color.Path);
        if (maskPath is not null) OutputName.ThrowIfUnusable(maskPath, options.Overwrite, depth.Path, color.Path);

        string? depthPath = options.DepthOutput ? OutputName.DepthVideo(destination) : null;
        if (depthPath is not null) OutputName.ThrowIfUnusable(depthPath, options.Overwrite, depth.Path, color.Path);
        using var background = StereoBackground.Prepare(options, color, plan, path, destination, progress, cancellation);
        using var depthReader = DepthVideoReader.Open(depth, options.MinConfidence, new() { MaxFrames = options.MaxFrames }, cancellation);
        using var colorReader = FrameReader.Open(color, ColorVideo.Reading(color, depth, options.MaxFrames), cancellation);
        var picture = new FrameWriterOptions
        {
            Width = arrangement.Width,
            Height = arrangement.Height,
            FrameRate = depth.FrameRate,
            Codec = options.Codec,
            PrefersHardware = options.PrefersHardware,
            RateFactor = options.RateFactor,
            AudioFrom = color.HasAudio ? color : null,
            // Counts may be estimates: all the sound is kept unless the depth video ends well before its colour.
            FrameCount = total < color.FrameCount ? total : null,
            Packing = arrangement.Packing,
            Projection = arrangement.Spatial,
            Overwrite = options.Overwrite,
            Tags = fieldsOfView is not null ? new() : SourceLens.Tags(camera, lens.Source,
                options.Layout is StereoLayout.LeftEye or StereoLayout.RightEye ? camera.HorizontalFov : null),
        };
        using var writer = FrameWriter.Open(destination, picture, cancellation, progress);
        using var maskWriter = maskPath is null ? null : FrameWriter.Open(maskPath,
            picture with { Layout = PixelLayout.Gray8, Codec = VideoCodec.Lossless, AudioFrom = null }, cancellation);

        using var depthWriter = depthPath is null ? null : FrameWriter.Open(depthPath, picture with
        {
            Codec = VideoCodec.Lossless,
            AudioFrom = null,
            Tags = DepthVideoTags.Write(StereoDepth.Facts(depthPath, destination, depth, options.Layout, camera)),
        }, cancellation);

        bool colorEnded = false;
        long holes = 0, done = 0;
        long frames = new FramePipeline<StereoJob>
        {
            CreateJob = () => new(depth, color, arrangement, options.InfillMask) { Codes = depthPath is null ? null : new uint[arrangement.Width * arrangement.Height] },
            Readers =
            [
                job => depthReader.ReadPixels(job.Depth) && plan.Prepare(job),
                // Asked only for frames that the depth video has.
                job => colorReader.Read(MemoryMarshal.AsBytes(job.Color.AsSpan())) || !(colorEnded = true),
            ],
            // Scratch belongs to a worker, not to a frame in flight: there are fewer of them.
            CreateWorker = () => new StereoFrameRenderer(depth, color, arrangement, path is { LockFrame: not null }, background?.Clusters).Render,
            Write = job =>
            {
                writer.Write(MemoryMarshal.AsBytes(job.Picture.AsSpan()));
                maskWriter?.Write(job.Mask);
                depthWriter?.Write(MemoryMarshal.AsBytes(job.Codes.AsSpan()));
                holes += job.Holes;
                progress?.Report(new("Rendering stereo", ++done, total));
            },
        }.Run(cancellation);
        if (colorEnded) ColorVideo.ReportEnded(color, depth, frames, progress);

        var (min, max) = (plan.Disparity.Min, plan.Disparity.Max);
        if (min is { } least && max is { } most && StereoComfort.Warning(options, least, most, plan.PercentPerInverse) is { } uncomfortable)
            progress?.Report(FrameProgress.Warning(uncomfortable));

        var result = Complete(background, writer, maskWriter, depthWriter);
        return new(result, options.Layout, options.PupillaryDistance, depth)
        {
            HorizontalFov = fieldsOfView is null ? camera.HorizontalFov : null,
            FieldOfViewSource = lens.Source,
            InfillMaskPath = maskPath is null ? null : Path.GetFullPath(maskPath),
            BackgroundPath = background?.SavedPath,
            DepthOutputPath = depthPath is null ? null : Path.GetFullPath(depthPath),
            ConvergenceDistance = options.ConvergenceDistance,
            MinDisparityPercent = min,
            MaxDisparityPercent = max,
            HoleShare = holes / ((double)arrangement.Eyes.Count * arrangement.EyeWidth * arrangement.EyeHeight * frames),
        };
    }

    /// <summary>Gives all files their names, or none.</summary>
    private static VideoClip Complete(StereoBackground? background, FrameWriter writer, params FrameWriter?[] beside)
    {
        List<string> made = [];
        try
        {
            foreach (var other in beside)
                if (other is not null) made.Add(other.Complete().Path);
            background?.Keep();
            return writer.Complete();
        }
        catch
        {
            foreach (string path in made) File.Delete(path);
            if (background?.SavedPath is { } saved) File.Delete(saved);
            throw;
        }
    }

    private static void Check(StereoRenderOptions options)
    {
        if (!(options.PupillaryDistance > 0 && options.PupillaryDistance <= LargestPupillaryDistance))
            throw new MetricDepthException("PupillaryDistanceOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A pupillary distance of {options.PupillaryDistance} mm is not in 0..{LargestPupillaryDistance} mm. People have 54 to 74 mm; 63 is the default."));
        if (options.ConvergenceDistance?.Metres is { } distance && !(distance > 0 && double.IsFinite(distance)))
            throw new MetricDepthException("ConvergenceDistanceOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A convergence distance of {distance} m is not in front of the camera. Give metres above 0, or leave it out for infinity."));
        if (options.MaxFrames is <= 0)
            throw new MetricDepthException("MaxFramesOutOfRange", FailureKind.InvalidArgument, "-MaxFrames must be 1 or more.");
        EncodingCheck.ThrowIfUnusable(options.Codec, options.RateFactor, options.PrefersHardware);
        if (options.BackgroundDepth is { } behind && !(behind > 0 && double.IsFinite(behind)))
            throw new MetricDepthException("BackgroundDepthOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A background depth of {behind} m is not in front of the camera. Give metres above 0: what is further away is background."));
        if (options.ConvergenceDistance is not null && !StereoComfort.HasDisparity(options.Layout))
            throw new MetricDepthException("ConvergenceDistanceUnused", FailureKind.InvalidArgument,
                $"In -Layout {options.Layout} the viewer's own eyes converge; nothing is brought to a screen. Leave -ConvergenceDistance out.");
        if (options.FieldOfViewPath is not null && (options.HorizontalFov is not null || options.VerticalFov is not null))
            throw new MetricDepthException("FieldOfViewContradiction", FailureKind.InvalidArgument,
                "-FieldOfViewPath gives the field of view of each frame, and -HorizontalFov or -VerticalFov another. Leave one of them out.");
        EyeSize.Check(options);
        StereoDepth.Check(options);
        CheckTouchly(options);
    }

    private static void CheckTouchly(StereoRenderOptions options)
    {
        if (options.TouchlyMaxDepth is null && options.TouchlyMinDepth is null) return;
        if (options.Layout is not (StereoLayout.Touchly0 or StereoLayout.Touchly1))
            throw new MetricDepthException("TouchlyDepthUnused", FailureKind.InvalidArgument,
                $"-TouchlyMaxDepth and -TouchlyMinDepth say how Touchly's layouts show depth, and -Layout {options.Layout} shows none. Leave them out, or give -Layout Touchly0 or Touchly1.");
        double min = options.TouchlyMinDepth ?? 0, max = options.TouchlyMaxDepth ?? TouchlyDepth.DefaultMax;
        if (!(min >= 0 && max > min && double.IsFinite(max)))
            throw new MetricDepthException("TouchlyDepthOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"Touchly's depth from {min} m to {max} m is no range. Give a -TouchlyMinDepth of 0 or more and a larger -TouchlyMaxDepth."));
    }

    private static long? Least(long? a, long? b) => a is { } x && b is { } y ? Math.Min(x, y) : a ?? b;
}
