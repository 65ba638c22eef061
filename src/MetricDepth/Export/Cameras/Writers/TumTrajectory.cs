using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>
/// The trajectory format of the TUM RGB-D benchmark (Sturm et al., 2012): <c>timestamp tx ty tz qx qy qz qw</c>, camera to world. Time
/// is the frame's number over the frame rate, from 0 at the clip's first frame.
/// </summary>
internal static class TumTrajectory
{
    public static IReadOnlyList<CameraFile> Files(ExportedPath path) => [CameraFile.Text("", text => Write(path, text))];

    private static void Write(ExportedPath path, TextWriter text)
    {
        text.WriteLine($"# MetricDepth: camera to first camera, {path.Unit}, x right, y down, z forward");
        text.WriteLine("# timestamp tx ty tz qx qy qz qw");
        foreach (var (frame, pose) in path.Poses)
        {
            path.Cancellation.ThrowIfCancellationRequested();
            var q = UnitQuaternion.From(pose.Rotation);
            var t = pose.Translation;
            double time = (double)frame * path.FrameRate.Denominator / path.FrameRate.Numerator;
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time:F9} {t.X} {t.Y} {t.Z} {q.X} {q.Y} {q.Z} {q.W}"));
        }
    }
}
