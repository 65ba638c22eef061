using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>Our own JSON, and the Python toolbox's: a list of 4×4 matrices, camera to world, one a frame.</summary>
internal static class MatrixListReader
{
    public static CameraTrajectory Read(CameraSource source)
    {
        string file = source.File("transformations.json");
        var trajectory = new CameraTrajectory(file, isTimed: false) { Scale = CameraPathScale.Metric };
        foreach (var pose in CameraPath.LoadAsWritten(file).Poses) trajectory.Add(trajectory.Samples.Count, pose);
        return trajectory;
    }
}
