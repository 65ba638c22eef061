using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion.Calibration;

/// <summary>The field of view of a clip: from what its container says of the lens, or by self-calibration from how the picture moves.</summary>
public static class FieldOfViewMeasurement
{
    /// <summary>The horizontal field of view assumed where nothing fixes it and one is needed, degrees: an ordinary phone's main camera.</summary>
    public const double AssumedFov = 63;

    private const int WorkingSize = 640;

    // more stretches than this make it no better: what is left is wrong in all of them
    private const int EnoughStretches = 6;
    private const double EnoughDeviation = 0.027;
    private const int LeastStretches = 3;

    /// <summary>Measures one clip. A clip that does not tell its field of view gives a result that says so.</summary>
    /// <exception cref="MetricDepthException">The clip cannot be read.</exception>
    public static FieldOfViewResult Run(FieldOfViewOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var clip = options.Clip;
        var lens = LensTags.Read(clip);
        if (options.Evidence != FieldOfViewEvidence.Motion)
        {
            if (FromTags(clip, lens) is { } told) return told;
            if (options.Evidence == FieldOfViewEvidence.LensTags)
                return Undetermined(clip.Path, clip.Width, clip.Height, "The container does not say what lens it was filmed through.") with { Lens = lens };
        }
        if (options.Tracks is { } tracks)
        {
            var frames = tracks.Read(cancellation).Select(f => new SightedFrame(f.Index, f.Ids, f.Points, []));
            if (options.MaxFrames is { } most) frames = frames.Take((int)Math.Min(most, int.MaxValue));
            return Run(tracks.Path, clip.Width, clip.Height, frames, Math.Min(tracks.FrameCount, options.MaxFrames ?? long.MaxValue), progress, cancellation) with { Lens = lens };
        }
        double shrink = Math.Min(1, (double)WorkingSize / Math.Max(clip.Width, clip.Height));
        int width = Math.Max(1, (int)Math.Round(clip.Width * shrink)), height = Math.Max(1, (int)Math.Round(clip.Height * shrink));
        using var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8, Width = width, Height = height, MaxFrames = options.MaxFrames }, cancellation);
        long? total = clip.FrameCount is { } n ? Math.Min(n, options.MaxFrames ?? n) : options.MaxFrames;
        return FromTracks(clip.Path, clip.Width, clip.Height, width, height, Track(reader), total, progress, cancellation) with { Lens = lens };
    }

    /// <summary>Measures from tracks, whoever made them.</summary>
    /// <param name="path">Where the tracks come from, for the result.</param>
    /// <param name="width">Width of the clip, px.</param>
    /// <param name="height">Height of the clip, px.</param>
    /// <param name="frames">All frames in order, points at the clip's size.</param>
    /// <param name="total">How many frames there are; null if unknown.</param>
    /// <param name="progress">Told of every frame.</param>
    /// <param name="cancellation">Stops within a frame.</param>
    internal static FieldOfViewResult Run(
        string path, int width, int height, IEnumerable<SightedFrame> frames, long? total, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        double shrink = Math.Min(1, (double)WorkingSize / Math.Max(width, height));
        int workingWidth = Math.Max(1, (int)Math.Round(width * shrink)), workingHeight = Math.Max(1, (int)Math.Round(height * shrink));
        var resize = new SightingResize(width, height, workingWidth, workingHeight);
        return FromTracks(path, width, height, workingWidth, workingHeight, frames.Select(resize.Run), total, progress, cancellation);
    }

    private static FieldOfViewResult FromTracks(string path, int width, int height, int workingWidth, int workingHeight,
        IEnumerable<TrackedFrame> frames, long? total, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var calibrator = new StretchCalibrator(workingWidth, workingHeight, cancellation);
        foreach (var frame in frames)
        {
            cancellation.ThrowIfCancellationRequested();
            int before = calibrator.Stretches.Count;
            calibrator.Add(frame);
            progress?.Report(new("Measuring field of view", calibrator.Frames, total));
            if (calibrator.Stretches.Count > before && IsEnough(FocalConsensus.Of(calibrator.Stretches, workingWidth))) break;
        }
        calibrator.Finish();
        foreach (var s in calibrator.Stretches)
            progress?.Report(FrameProgress.Verbose(s.Describe(workingWidth)));
        return Tell(path, width, height, workingWidth, calibrator);
    }

    private static bool IsEnough(FocalConsensus consensus) => consensus.IsReliable
        && (consensus.Used >= EnoughStretches || (consensus.Used >= LeastStretches && consensus.Disagreeing == 0 && consensus.Deviation < EnoughDeviation));

    private static FieldOfViewResult Tell(string path, int width, int height, int workingWidth, StretchCalibrator calibrator)
    {
        var stretches = calibrator.Stretches;
        var consensus = FocalConsensus.Of(stretches, workingWidth);
        if (!consensus.IsReliable)
            return Undetermined(path, width, height, WhyNot(stretches, consensus)) with { Frames = calibrator.Frames };
        var motions = stretches.Where(s => s.Estimate.IsReliable).Select(s => s.Motion).Distinct().ToArray();
        var motion = motions.Length > 1 ? CalibrationMotion.Both : motions[0];
        string how = motion switch
        {
            CalibrationMotion.Turning => "the camera turns",
            CalibrationMotion.Moving => "the camera moves through the scene",
            _ => "the camera turns and moves",
        };
        string agreement = consensus.Used == 1 ? "one stretch tells it" : $"{consensus.Used} stretches tell it independently";
        if (consensus.Disagreeing > 0) agreement += $", {consensus.Disagreeing} disagree";
        return Result(path, width, height, consensus.FocalShare * width, consensus.Deviation, FieldOfViewSource.Motion,
            string.Create(CultureInfo.InvariantCulture, $"Measured from {calibrator.Frames} frames: {how}; {agreement} (focal length to {consensus.Deviation:P1}).")) with
        {
            Motion = motion,
            Stretches = consensus.Used,
            Frames = calibrator.Frames,
        };
    }

    private static string WhyNot(IReadOnlyList<CalibratedStretch> stretches, FocalConsensus consensus)
    {
        const string plain = "The clip does not tell its field of view: ";
        if (stretches.Count == 0 || stretches.All(s => s.Motion == CalibrationMotion.None))
            return plain + "the camera hardly moves, or there is too little to follow.";
        if (consensus.Used > 0)
            return plain + (consensus.Disagreeing >= consensus.Used ? "its stretches contradict each other (a lens that zooms, or things that move)." : "its stretches agree too badly.");
        return plain + (stretches.All(s => s.Motion != CalibrationMotion.Moving)
            ? "the camera turns too little, zooms, or things move."
            : "the camera's motion through the scene is too simple (straight on or sideways), too small, or things move.");
    }

    private static FieldOfViewResult? FromTags(VideoClip clip, LensTags lens)
    {
        if (lens.FocalLength(clip.Width, clip.Height) is not { } focal) return null;
        // our own tag is exact; a user's lens is known to how video is cropped
        bool own = lens.HorizontalFov is not null;
        string camera = string.Join(' ', new[] { lens.Make, lens.Model }.OfType<string>());
        string evidence = own ? "Stored in the container by the program that rendered it."
            : string.Create(CultureInfo.InvariantCulture, $"The container says {lens.EquivalentFocalLength:0.##} mm (35 mm equivalent){(camera.Length > 0 ? $", {camera}" : "")}; video may show less than a photograph.");
        return Result(clip.Path, clip.Width, clip.Height, focal, own ? 0 : LensTags.Deviation, FieldOfViewSource.LensTags, evidence) with { Lens = lens };
    }

    private static FieldOfViewResult Result(string path, int width, int height, double focal, double relative, FieldOfViewSource source, string evidence)
    {
        double share = focal / width;
        return new()
        {
            Path = path,
            Width = width,
            Height = height,
            HorizontalFov = Degrees(share),
            VerticalFov = Degrees(focal / height),
            // dθ/d ln f = −sin θ
            Deviation = relative * Math.Sin(2 * Math.Atan(1 / (2 * share))) * (180 / Math.PI),
            Lower = Degrees(share * Math.Exp(1.96 * relative)),
            Upper = Degrees(share * Math.Exp(-1.96 * relative)),
            FocalLength = focal,
            Source = source,
            Evidence = evidence,
        };
    }

    private static FieldOfViewResult Undetermined(string path, int width, int height, string why) =>
        new() { Path = path, Width = width, Height = height, Source = FieldOfViewSource.None, Evidence = why };

    private static IEnumerable<TrackedFrame> Track(FrameReader reader)
    {
        var tracker = new PointTracker(reader.Width, reader.Height, new());
        var buffer = new byte[reader.FrameBytes];
        while (reader.Read(buffer)) yield return tracker.Next(buffer);
    }

    private static double Degrees(double share) => 2 * Math.Atan(1 / (2 * share)) * (180 / Math.PI);
}
