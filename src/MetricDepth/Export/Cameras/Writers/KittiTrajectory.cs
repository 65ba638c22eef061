using System.Globalization;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>
/// The poses of the KITTI odometry benchmark (Geiger et al., 2012): the first three rows of the 4×4 matrix camera to first camera on a
/// line, a line a frame. KITTI's cameras have our axes; the format has no comments.
/// </summary>
internal static class KittiTrajectory
{
    public static IReadOnlyList<CameraFile> Files(ExportedPath path) => [CameraFile.Text("", text => Write(path, text))];

    private static void Write(ExportedPath path, TextWriter text)
    {
        foreach (var (_, (r, t)) in path.Poses)
        {
            path.Cancellation.ThrowIfCancellationRequested();
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.M00} {r.M01} {r.M02} {t.X} {r.M10} {r.M11} {r.M12} {t.Y} {r.M20} {r.M21} {r.M22} {t.Z}"));
        }
    }
}
