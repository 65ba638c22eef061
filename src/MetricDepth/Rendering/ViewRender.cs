using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Depth video to video from another viewpoint: the general path of DESIGN §7.</summary>
public static class ViewRender
{
    private const long MostFrames = 1_000_000;

    /// <summary>Renders one video: of the clip, or of one of its frames looked at from a camera that moves.</summary>
    /// <param name="options">What to render and how.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or the result cannot be written.</exception>
    public static ViewVideo Run(ViewRenderOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        // A photograph has one frame, and comes alive without being asked for by number.
        if (options is { Frames: null, Depth.FrameCount: 1 } && (options.Motion is not null || options.ViewPath is not null || options.Duration is not null))
            options = options with { Frames = [0] };
        var pass = new ViewPass(options with { As = ViewOutput.Video }, progress, cancellation);
        var (depth, color, view) = (options.Depth, pass.Color, pass.Plan.View);
        string destination = OutputName.Resolve(options.DestinationPath, OutputName.RenderVideo(depth.Path));
        string? depthPath = options.DepthOutput ? OutputName.DepthVideo(destination) : null;
        OutputName.ThrowIfUnusable(destination, options.Overwrite, depth.Path, color.Path);
        if (depthPath is not null) OutputName.ThrowIfUnusable(depthPath, options.Overwrite, depth.Path, color.Path);

        using ViewSource source = options.Frames is [var frame]
            ? new OneFrameViewSource(depth, color, options.MinConfidence, frame, Length(options, pass.Plan), cancellation)
            : new ClipViewSource(depth, color, options.MinConfidence, options.MaxFrames, cancellation);
        using var writer = FrameWriter.Open(destination, new()
        {
            Width = view.Width,
            Height = view.Height,
            FrameRate = depth.FrameRate,
            Codec = options.Codec,
            PrefersHardware = options.PrefersHardware,
            RateFactor = options.RateFactor,
            AudioFrom = color.HasAudio && !source.IsOneFrame ? color : null,
            // Counts may be estimates: all the sound is kept unless the depth video ends well before its colour.
            FrameCount = source.Total < color.FrameCount ? source.Total : null,
            Overwrite = options.Overwrite,
            Tags = SourceLens.Tags(pass.Plan.Source, pass.Plan.SourceFov, view.HorizontalFov),
        }, cancellation, progress);
        using var depthWriter = depthPath is null ? null : DepthVideoWriter.Open(depth with
        {
            Path = depthPath,
            Width = view.Width,
            Height = view.Height,
            HorizontalFov = view.HorizontalFov,
            VerticalFov = view.VerticalFov,
            ColorPath = Path.GetFullPath(destination),
            ConfidencePath = null,
        }, options.Overwrite, cancellation);

        long frames = pass.Run(source, _ => { }, job =>
        {
            writer.Write(job.Picture.Bytes);
            if (job.ViewDepth is { } plane) depthWriter?.Write(plane);
        }, "Rendering view");
        if (depthWriter?.ClampingMessage is { } clamped) progress?.Report(FrameProgress.Warning(clamped));

        return new(Complete(writer, depthWriter, depthPath), view.HorizontalFov, depth)
        {
            SourceHorizontalFov = pass.Plan.Source.HorizontalFov,
            FieldOfViewSource = pass.Plan.SourceFov,
            Motion = options.Motion,
            HoleShare = pass.Holes / ((double)view.Width * view.Height * frames),
            DepthOutputPath = depthPath is null ? null : Path.GetFullPath(depthPath),
        };
    }

    /// <summary>How many frames the video of one frame has.</summary>
    private static long Length(ViewRenderOptions options, ViewPlan plan)
    {
        double rate = options.Depth.FrameRate.Value;
        double frames = options.Duration is { } seconds ? Math.Max(1, Math.Round(seconds * rate))
            : plan.PathLength ?? (plan.FramesPerLoop > 0 ? plan.FramesPerLoop
            : throw new MetricDepthException("DurationMissing", FailureKind.InvalidArgument,
                "A video of one frame needs a length. Give -Motion, -ViewPath or -Duration; or -As Png for a still image."));
        if (options.MaxFrames is { } most) frames = Math.Min(frames, most);
        return frames <= MostFrames ? (long)frames
            : throw new MetricDepthException("DurationOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"{frames:0} frames of one picture are more than {MostFrames}. Give a shorter -Duration or -Period."));
    }

    /// <summary>Gives both files their names, or neither.</summary>
    private static VideoClip Complete(FrameWriter writer, DepthVideoWriter? depthWriter, string? depthPath)
    {
        depthWriter?.Complete();
        try
        {
            return writer.Complete();
        }
        catch when (depthPath is not null)
        {
            File.Delete(depthPath);
            throw;
        }
    }
}
