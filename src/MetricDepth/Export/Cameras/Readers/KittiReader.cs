using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>KITTI trajectories: the first three rows of a 4×4 matrix on each line, camera to world, a line a frame.</summary>
internal static class KittiReader
{
    public const int FieldCount = 12;

    public static CameraTrajectory Read(CameraSource source)
    {
        var trajectory = new CameraTrajectory(source.Path, isTimed: false) { Scale = CameraPathScale.Metric };
        using var lines = new LineReader(source.File("poses.txt"), source.Cancellation);
        Span<double> v = stackalloc double[FieldCount];
        while (lines.ReadData(out var line))
        {
            var fields = new Fields(line);
            if (!fields.TryNumbers(v) || fields.Rest.Length > 0) throw CameraFileProblem.AtLine(lines.Path, lines.Line, "it is not twelve numbers, three rows of a matrix");
            if (!RigidMotion.TryFromRows(v, out var pose)) throw CameraFileProblem.AtLine(lines.Path, lines.Line, "the matrix is not a rotation and a position");
            trajectory.Add(trajectory.Samples.Count, pose);
        }
        return trajectory;
    }
}
