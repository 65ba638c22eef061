using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>Poses as a file has them, in our camera axes; not yet one for each frame of a clip.</summary>
internal sealed class CameraTrajectory
{
    /// <summary>The most poses that are read: nine hours at 30 frames per second, 110 MB.</summary>
    public const int MostPoses = 1_000_000;

    private readonly List<PoseSample> _samples = [];
    private readonly string _path;

    /// <summary>Nothing yet.</summary>
    /// <param name="path">The file that they are read from.</param>
    /// <param name="isTimed">Whether samples come at times, in seconds, rather than at frames.</param>
    public CameraTrajectory(string path, bool isTimed) => (_path, IsTimed) = (path, isTimed);

    /// <summary>The poses in the order of the file.</summary>
    public List<PoseSample> Samples => _samples;

    /// <summary>Whether samples come at times, in seconds, rather than at frames.</summary>
    public bool IsTimed { get; }

    /// <summary>Whether frame numbers are those in the names of pictures, which may begin at 1.</summary>
    public bool IsNumberedByName { get; init; }

    /// <summary>What the unit rests on.</summary>
    public required CameraPathScale Scale { get; init; }

    /// <summary>The lens, pixel centres at integers; null if the file does not say.</summary>
    public Intrinsics? Camera { get; set; }

    /// <summary>Frames per second; null if the file does not say.</summary>
    public double? FrameRate { get; set; }

    /// <summary>Whether the picture may be shown turned against the camera: phones write video of an upright phone so.</summary>
    public bool IsPhone { get; init; }

    /// <summary>Adds a pose.</summary>
    /// <param name="key">Seconds, or the frame.</param>
    /// <param name="pose">Camera to world, our camera axes.</param>
    /// <exception cref="MetricDepthException">There are too many.</exception>
    public void Add(double key, Pose pose)
    {
        if (_samples.Count == MostPoses) throw CameraFileProblem.Malformed(_path, $"it holds more than {MostPoses} poses");
        _samples.Add(new(key, pose));
    }
}

/// <summary>One pose.</summary>
/// <param name="Key">Seconds, or the frame.</param>
/// <param name="Pose">Camera to world.</param>
internal readonly record struct PoseSample(double Key, Pose Pose);
