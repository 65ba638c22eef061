using System.Globalization;
using System.Text.Json;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>
/// A <c>transforms.json</c> of nerfstudio or instant-ngp: a 4×4 matrix camera to world for each picture, with OpenGL axes. The lens stands beside the
/// frames, or with each of them; pixel centres lie at halves.
/// </summary>
internal static class NerfstudioReader
{
    public static CameraTrajectory Read(CameraSource source)
    {
        string file = source.File("transforms.json", "transforms_train.json");
        using var json = CameraJson.Open(file);
        var root = json.RootElement;
        if (!CameraJson.TryGet(root, "frames", out var frames) || frames.ValueKind != JsonValueKind.Array || frames.GetArrayLength() == 0)
            throw CameraFileProblem.Malformed(file, "it has no list of frames");
        if (frames.GetArrayLength() > CameraTrajectory.MostPoses) throw CameraFileProblem.Malformed(file, $"it holds more than {CameraTrajectory.MostPoses} frames");
        var names = new List<string>();
        var poses = new List<Pose>();
        Span<double> m = stackalloc double[16];
        foreach (var frame in frames.EnumerateArray())
        {
            if (!CameraJson.TryGet(frame, "transform_matrix", out var matrix) || !CameraJson.TryNumbers(matrix, m) || !RigidMotion.TryFromRows(m, out var pose))
                throw CameraFileProblem.Malformed(file, string.Create(CultureInfo.InvariantCulture, $"frames[{poses.Count}] has no transform_matrix of 4x4 numbers that is a rotation and a position"));
            poses.Add(pose with { Rotation = pose.Rotation * WorldAxes.OpenGlCamera });
            names.Add(CameraJson.Text(frame, "file_path"));
        }
        bool areNumbered = false;
        long[] numbers = names.TrueForAll(n => n.Length == 0)
            ? [.. Enumerable.Range(0, names.Count).Select(i => (long)i)]
            : PictureNumbers.Of(file, names, out areNumbered);
        var trajectory = new CameraTrajectory(file, isTimed: false)
        {
            Scale = CameraJson.Text(root, "scale") == nameof(CameraPathScale.Metric) ? CameraPathScale.Metric : CameraPathScale.Relative,
            IsNumberedByName = areNumbered,
            Camera = Lens(root) ?? Lens(frames[0]),
        };
        for (int i = 0; i < poses.Count; i++) trajectory.Add(numbers[i], poses[i]);
        return trajectory;
    }

    private static Intrinsics? Lens(JsonElement owner)
    {
        double? w = CameraJson.Number(owner, "w"), h = CameraJson.Number(owner, "h");
        if (w is not (>= 1 and <= 1 << 20) || h is not (>= 1 and <= 1 << 20)) return null;
        double? fx = CameraJson.Number(owner, "fl_x")
            ?? (CameraJson.Number(owner, "camera_angle_x") is > 0 and < Math.PI and { } angle ? w / (2 * Math.Tan(angle / 2)) : null);
        double? fy = CameraJson.Number(owner, "fl_y") ?? fx;
        return fx > 0 && fy > 0
            ? new((int)w.Value, (int)h.Value, fx.Value, fy.Value, (CameraJson.Number(owner, "cx") ?? w.Value / 2) - 0.5, (CameraJson.Number(owner, "cy") ?? h.Value / 2) - 0.5)
            : null;
    }
}
