using System.Text.Json;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>
/// What phone apps record of ARKit: camera to world in metres, with OpenGL axes in the orientation of the sensor (x along its long side). Which app it was
/// is seen from the content: Record3D's metadata, or the JSON files beside the pictures of 3D Scanner App and Polycam.
/// </summary>
internal static class ArKitReader
{
    private const long LargestFrameFile = 1 << 20;

    /// <summary>Where the files lie.</summary>
    public static readonly string[] Record3DFiles = ["metadata.json", "metadata"];

    private static readonly string[] PolycamFolders = ["keyframes/corrected_cameras", "corrected_cameras", "keyframes/cameras", "cameras"];

    public static CameraTrajectory Read(CameraSource source)
    {
        if (!source.IsFolder) return ReadFile(source.Path, source);
        if (source.Find(Record3DFiles) is { } metadata) return ReadFile(metadata, source);
        return ReadFrames(source.Path, FrameFiles(source.Path), source);
    }

    /// <summary>The JSON files of the frames in a folder, in order of their names.</summary>
    public static IReadOnlyList<string> FrameFiles(string folder)
    {
        string cameras = PolycamFolders.Select(f => Path.Combine(folder, f)).FirstOrDefault(Directory.Exists) ?? folder;
        return [.. Directory.EnumerateFiles(cameras, "*.json").Take(CameraTrajectory.MostPoses).Where(f => Path.GetFileNameWithoutExtension(f).Any(char.IsAsciiDigit))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether a JSON file is one frame of 3D Scanner App or Polycam.</summary>
    public static bool IsFrame(JsonElement root) => CameraJson.TryGet(root, "cameraPoseARFrame", out _) || CameraJson.TryGet(root, "t_00", out _);

    private static CameraTrajectory ReadFile(string path, CameraSource source)
    {
        using var json = CameraJson.Open(path);
        if (!IsFrame(json.RootElement)) return Record3D(json.RootElement, path);
        // one frame was named: the others lie beside it
        string folder = Path.GetDirectoryName(path)!;
        return ReadFrames(folder, [.. FrameFiles(folder)], source);
    }

    private static CameraTrajectory Record3D(JsonElement root, string path)
    {
        if (!CameraJson.TryGet(root, "poses", out var poses) || poses.ValueKind != JsonValueKind.Array || poses.GetArrayLength() == 0)
            throw CameraFileProblem.Malformed(path, "it has no list of poses");
        if (poses.GetArrayLength() > CameraTrajectory.MostPoses) throw CameraFileProblem.Malformed(path, $"it holds more than {CameraTrajectory.MostPoses} poses");
        var trajectory = New(path, isTimed: false, areNumbered: false);
        Span<double> v = stackalloc double[7];
        foreach (var item in poses.EnumerateArray())
        {
            int n = trajectory.Samples.Count;
            // x, y, z, w, then the position
            if (!CameraJson.TryNumbers(item, v) || !RigidMotion.TryFromQuaternion(v[3], v[0], v[1], v[2], new(v[4], v[5], v[6]), out var pose))
                throw CameraFileProblem.Malformed(path, FormattableString.Invariant($"poses[{n}] is not seven numbers, a quaternion (x, y, z, w) and a position"));
            trajectory.Add(n, InOurAxes(pose));
        }
        if (CameraJson.Number(root, "fps") is > 0 and < 1e6 and { } rate) trajectory.FrameRate = rate;
        Span<double> k = stackalloc double[9];
        // by columns
        if (CameraJson.TryGet(root, "K", out var matrix) && CameraJson.TryNumbers(matrix, k))
            trajectory.Camera = Lens(CameraJson.Number(root, "w"), CameraJson.Number(root, "h"), k[0], k[4], k[6], k[7]);
        return trajectory;
    }

    private static CameraTrajectory ReadFrames(string folder, IReadOnlyList<string> files, CameraSource source)
    {
        if (files.Count == 0) throw CameraFileProblem.Malformed(folder, "it holds no JSON files with poses");
        var frames = new List<(double? Time, Pose Pose)>(files.Count);
        Intrinsics? camera = null;
        bool fromPolycam = false;
        foreach (string file in files)
        {
            source.Cancellation.ThrowIfCancellationRequested();
            using var json = CameraJson.Open(file, LargestFrameFile);
            var root = json.RootElement;
            fromPolycam = CameraJson.TryGet(root, "t_00", out _);
            if (!TryPose(root, fromPolycam, out var pose))
                throw CameraFileProblem.Malformed(file, fromPolycam ? "t_00 to t_23 are not three rows of a rotation and a position" : "cameraPoseARFrame is not a 4x4 matrix of a rotation and a position");
            frames.Add((CameraJson.Number(root, "time"), InOurAxes(pose)));
            camera ??= fromPolycam ? PolycamLens(root) : ScannerLens(root);
        }
        bool isTimed = frames.TrueForAll(f => f.Time is not null);
        bool areNumbered = false;
        // Polycam names its pictures by the time they were taken, in no unit that is told
        long[] numbers = isTimed || fromPolycam ? [.. Enumerable.Range(0, frames.Count).Select(i => (long)i)] : PictureNumbers.Of(folder, files, out areNumbered);
        var trajectory = New(folder, isTimed, areNumbered);
        trajectory.Camera = camera;
        for (int i = 0; i < frames.Count; i++) trajectory.Add(isTimed ? frames[i].Time!.Value : numbers[i], frames[i].Pose);
        return trajectory;
    }

    private static bool TryPose(JsonElement root, bool fromPolycam, out Pose pose)
    {
        pose = default;
        Span<double> m = stackalloc double[16];
        if (!fromPolycam) return CameraJson.TryGet(root, "cameraPoseARFrame", out var matrix) && CameraJson.TryNumbers(matrix, m) && RigidMotion.TryFromRows(m, out pose);
        for (int i = 0; i < 12; i++)
        {
            if (CameraJson.Number(root, FormattableString.Invariant($"t_{i / 4}{i % 4}")) is not { } value) return false;
            m[i] = value;
        }
        return RigidMotion.TryFromRows(m, out pose);
    }

    private static Intrinsics? PolycamLens(JsonElement root) => Lens(CameraJson.Number(root, "width"), CameraJson.Number(root, "height"),
        CameraJson.Number(root, "fx") ?? 0, CameraJson.Number(root, "fy") ?? 0, CameraJson.Number(root, "cx") ?? 0, CameraJson.Number(root, "cy") ?? 0);

    /// <summary>By rows; the size is not told, and the principal point is near the middle.</summary>
    private static Intrinsics? ScannerLens(JsonElement root)
    {
        Span<double> k = stackalloc double[9];
        return CameraJson.TryGet(root, "intrinsics", out var matrix) && CameraJson.TryNumbers(matrix, k)
            ? Lens(Math.Round(2 * k[2]), Math.Round(2 * k[5]), k[0], k[4], k[2], k[5]) : null;
    }

    /// <summary>ARKit counts from the upper left corner of the picture.</summary>
    private static Intrinsics? Lens(double? width, double? height, double fx, double fy, double cx, double cy) =>
        width is >= 1 and <= 1 << 20 && height is >= 1 and <= 1 << 20 && fx > 0 && fy > 0
            ? new((int)width.Value, (int)height.Value, fx, fy, cx - 0.5, cy - 0.5) : null;

    private static Pose InOurAxes(Pose pose) => pose with { Rotation = pose.Rotation * WorldAxes.OpenGlCamera };

    private static CameraTrajectory New(string path, bool isTimed, bool areNumbered) =>
        new(path, isTimed) { Scale = CameraPathScale.Metric, IsPhone = true, IsNumberedByName = areNumbered };
}
