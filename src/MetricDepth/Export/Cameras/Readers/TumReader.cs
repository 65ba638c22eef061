using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>TUM trajectories: <c>timestamp tx ty tz qx qy qz qw</c>, camera to world.</summary>
internal static class TumReader
{
    public const int FieldCount = 8;

    public static CameraTrajectory Read(CameraSource source)
    {
        var trajectory = new CameraTrajectory(source.Path, isTimed: true) { Scale = CameraPathScale.Metric };
        using var lines = new LineReader(source.File("trajectory.txt"), source.Cancellation);
        Span<double> v = stackalloc double[FieldCount];
        while (lines.ReadData(out var line))
        {
            var fields = new Fields(line);
            if (!fields.TryNumbers(v) || fields.Rest.Length > 0) throw CameraFileProblem.AtLine(lines.Path, lines.Line, "it is not eight numbers, time, position and quaternion");
            if (!RigidMotion.TryFromQuaternion(v[7], v[4], v[5], v[6], new(v[1], v[2], v[3]), out var pose))
                throw CameraFileProblem.AtLine(lines.Path, lines.Line, "the quaternion has no length");
            trajectory.Add(v[0], pose);
        }
        return trajectory;
    }
}
