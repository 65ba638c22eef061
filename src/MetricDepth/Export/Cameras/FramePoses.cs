using System.Globalization;
using MetricDepth.Export.Cameras.Readers;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Export.Cameras;

/// <summary>A pose for each frame of a clip from poses at other times: straight between the neighbours, rotations on the shorter way at constant speed.</summary>
internal sealed class FramePoses
{
    // neighbours this many usual distances apart have a gap between them
    private const double Gap = 3;

    // a pose belongs to the frames that it is no farther from than from their neighbours; times of day have a few digits behind the second
    private const double HalfFrame = 0.5 + 1e-3;

    // dropped frames leave whole multiples; jitter of a clock stays below
    private const double Uneven = 0.1;

    // where one pose stands for more, a number in a name or a time is wrong
    private const int FewFrames = 10_000, MostFramesPerPose = 100;

    // a recording may be a moment longer than its clip; one that is much longer was numbered otherwise
    private const double ManyOutside = 0.1;

    private readonly string _path;

    private FramePoses(string path) => _path = path;

    /// <summary>The poses, one a frame, the first the identity.</summary>
    public required IReadOnlyList<Pose> Poses { get; init; }

    /// <summary>How each frame came to its pose.</summary>
    public required IReadOnlyList<PoseQuality> Frames { get; init; }

    /// <summary>Poses that were read.</summary>
    public required int Samples { get; init; }

    /// <summary>How many of them are of frames that the clip does not have, where poses go by numbers.</summary>
    public int Outside { get; init; }

    /// <summary>Frames per second, as far as known.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Brings a trajectory to frames.</summary>
    /// <param name="trajectory">What was read.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="frameRate">Frames per second of the clip; null if unknown.</param>
    /// <param name="frameCount">Frames of the clip; null if unknown.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="MetricDepthException">The frame rate is needed and unknown, or the clip would be absurdly long.</exception>
    public static FramePoses Of(CameraTrajectory trajectory, CameraPathImportOptions options, double? frameRate, long? frameCount, string source)
    {
        if (trajectory.Samples.Count == 0) throw CameraFileProblem.Malformed(source, "it holds no poses");
        // stable, so that of two poses at one time the first one stays
        PoseSample[] samples = [.. trajectory.Samples.OrderBy(s => s.Key).DistinctBy(s => s.Key)];
        double rate = 0;
        if (trajectory.IsTimed)
        {
            rate = frameRate ?? Rate(samples) ?? throw new MetricDepthException("FrameRateMissing", FailureKind.InvalidArgument,
                $"The poses in '{source}' come at uneven times, so it takes the clip to tell which frame has which. Give -ColorPath or -DepthVideo, or -FrameRate.");
            double first = samples[0].Key + options.TimeOffset;
            for (int i = 0; i < samples.Length; i++) samples[i] = samples[i] with { Key = (samples[i].Key - first) * rate };
        }
        else
        {
            double first = trajectory.IsNumberedByName ? options.FirstNumber ?? (samples[0].Key == 1 ? 1 : 0) : 0;
            for (int i = 0; i < samples.Length; i++) samples[i] = samples[i] with { Key = (samples[i].Key - first) * options.Every };
        }
        double last = Math.Floor(samples[^1].Key + 0.5);
        if (!(last >= 0))
            throw new MetricDepthException("CameraPathOutsideClip", FailureKind.InvalidArgument,
                $"All poses in '{source}' come before the clip's first frame. Check {(trajectory.IsTimed ? "-TimeOffset" : "-FirstNumber")}.");
        double frames = frameCount ?? last + 1, most = Math.Min(CameraTrajectory.MostPoses, FewFrames + (double)MostFramesPerPose * samples.Length);
        if (frames > (frameCount is null ? most : CameraTrajectory.MostPoses))
            throw CameraFileProblem.Malformed(source, string.Create(CultureInfo.InvariantCulture, $"its {samples.Length} poses would reach over {frames} frames; without the clip {most} are the most"));
        return Resample(samples, (int)frames, trajectory.IsTimed, trajectory.IsTimed ? rate : frameRate ?? trajectory.FrameRate, options, source);
    }

    /// <summary>Tells which frames have no pose of their own.</summary>
    public void Tell(bool isTimed, IProgress<FrameProgress>? progress)
    {
        FrameRanges between = new(), held = new();
        foreach (var f in Frames)
            if (f.State == PoseState.Bridged) between.Add(f.Frame);
            else if (f.State == PoseState.Held) held.Add(f.Frame);
        int frames = Frames.Count;
        if (Outside > ManyOutside * Samples)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{Outside} of the {Samples} poses in '{_path}' are of frames that the clip, with {frames}, does not have. Check -Every (1 where the names keep the clip's numbers) and -FirstNumber, and that it is the path of this clip.")));
        if (between.Count > 0)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{between.Count} of {frames} frames have no pose in '{_path}' and get one between their neighbours': {between}.")));
        if (held.Count > 0)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{held.Count} of {frames} frames lie before the first or after the last pose in '{_path}', which is repeated: {held}. Check {(isTimed ? "-TimeOffset" : "-FirstNumber and -Every")}, and that it is the path of this clip.")));
    }

    private static FramePoses Resample(PoseSample[] samples, int frames, bool isTimed, double? rate, CameraPathImportOptions options, string source)
    {
        double usual = Math.Max(1, Median(samples)) * Gap;
        var poses = new Pose[frames];
        var quality = new PoseQuality[frames];
        int next = 0;
        for (int frame = 0; frame < frames; frame++)
        {
            while (next < samples.Length && samples[next].Key < frame - 1e-6) next++;
            PoseState state;
            if (next < samples.Length && Math.Abs(samples[next].Key - frame) <= 1e-6)
            {
                (poses[frame], state) = (samples[next].Pose, PoseState.Solved);
            }
            else if (next == 0 || next == samples.Length)
            {
                var nearest = samples[Math.Min(next, samples.Length - 1)];
                (poses[frame], state) = (nearest.Pose, Math.Abs(nearest.Key - frame) <= HalfFrame ? PoseState.Solved : PoseState.Held);
            }
            else
            {
                var (a, b) = (samples[next - 1], samples[next]);
                poses[frame] = Between(a.Pose, b.Pose, (frame - a.Key) / (b.Key - a.Key));
                bool isNear = Math.Min(frame - a.Key, b.Key - frame) <= HalfFrame;
                state = isNear || isTimed && b.Key - a.Key <= usual ? PoseState.Solved : PoseState.Bridged;
            }
            quality[frame] = new(frame, state, false, 0, 0, double.NaN, double.NaN, double.NaN);
        }
        var origin = poses[0].Inverse;
        double scale = options.ScaleFactor ?? 1;
        var turn = Turned(options.Rotation ?? 0);
        for (int frame = 0; frame < frames; frame++)
        {
            // the picture's axes instead of the camera's: c⁻¹ T₀⁻¹ Tᵢ c
            var p = turn.Transposed * (origin * poses[frame]).Rotation * turn;
            var t = turn.Transposed * (origin * poses[frame]).Translation * scale;
            if (!double.IsFinite(t.X + t.Y + t.Z)) throw CameraFileProblem.Malformed(source, "its positions lie too far apart");
            poses[frame] = frame == 0 ? Pose.Identity : new(p, t);
        }
        return new(source)
        {
            Poses = poses,
            Frames = quality,
            FrameRate = rate,
            Samples = samples.Length,
            Outside = isTimed ? 0 : samples.Count(s => s.Key < -HalfFrame || s.Key > frames - 1 + HalfFrame),
        };
    }

    /// <summary>The axes of a picture turned clockwise, in those of the camera: at 90° its right is the camera's up.</summary>
    public static Rotation Turned(int degrees) => degrees switch
    {
        90 => new(0, 1, 0, -1, 0, 0, 0, 0, 1),
        180 => new(-1, 0, 0, 0, -1, 0, 0, 0, 1),
        270 => new(0, -1, 0, 1, 0, 0, 0, 0, 1),
        _ => Rotation.Identity,
    };

    private static Pose Between(Pose a, Pose b, double t) => new(
        UnitQuaternion.Slerp(UnitQuaternion.From(a.Rotation), UnitQuaternion.From(b.Rotation), t).ToRotation(),
        a.Translation * (1 - t) + b.Translation * t);

    /// <summary>Samples in a second, if they come at even times but for some that are missing; null otherwise.</summary>
    private static double? Rate(PoseSample[] samples)
    {
        if (samples.Length < 2) return null;
        double step = Median(samples), steps = 0;
        for (int i = 1; i < samples.Length; i++)
        {
            double n = (samples[i].Key - samples[i - 1].Key) / step;
            if (Math.Abs(n - Math.Round(n)) > Uneven) return null;
            steps += Math.Round(n);
        }
        return steps / (samples[^1].Key - samples[0].Key);
    }

    private static double Median(PoseSample[] samples)
    {
        if (samples.Length < 2) return 0;
        var steps = new double[samples.Length - 1];
        for (int i = 0; i < steps.Length; i++) steps[i] = samples[i + 1].Key - samples[i].Key;
        Array.Sort(steps);
        return steps[steps.Length / 2];
    }
}
