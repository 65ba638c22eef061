using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Triangulation;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>
/// COLMAP's text model (its documentation, "Output Format"): one PINHOLE camera, a picture for each frame with its pose from world to camera
/// and what it sees, and the points. COLMAP's axes are ours; its pixel centres lie at halves, ours at integers.
/// </summary>
internal static class ColmapModel
{
    /// <summary>Where COLMAP, and what builds on it, looks for a model.</summary>
    public const string Folder = "sparse/0/";

    private const double HalfPixel = 0.5;
    private const int CameraId = 1;

    // COLMAP's word for an error that nobody has calculated
    private const int NoError = -1;

    // for points nobody knows the colour of
    private const uint Grey = 0x808080;

    public static IReadOnlyList<CameraFile> Files(ExportedPath path)
    {
        // made while images are written, used for the points
        SightingLists? lists = null;
        return
        [
            CameraFile.Text(Folder + "cameras.txt", text => WriteCameras(path.Camera, text)),
            CameraFile.Text(Folder + "images.txt", text =>
            {
                if (path.Points is { } seen) lists = new(seen.Points);
                try
                {
                    WriteImages(path, lists, text);
                }
                catch
                {
                    lists?.Dispose();
                    throw;
                }
            }),
            CameraFile.Text(Folder + "points3D.txt", text =>
            {
                if (path.Cloud is { } cloud) WriteCloud(cloud, text, path.Cancellation);
                else
                    using (lists) WritePoints(path, lists, text);
            }),
        ];
    }

    private static void WriteCameras(Intrinsics k, TextWriter text)
    {
        text.WriteLine("# Camera list with one line of data per camera:");
        text.WriteLine("#   CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]");
        text.WriteLine("# Number of cameras: 1");
        text.WriteLine(Line($"{CameraId} PINHOLE {k.Width} {k.Height} {k.Fx} {k.Fy} {k.Cx + HalfPixel} {k.Cy + HalfPixel}"));
    }

    private static void WriteImages(ExportedPath path, SightingLists? lists, TextWriter text)
    {
        text.WriteLine("# Image list with two lines of data per image:");
        text.WriteLine("#   IMAGE_ID, QW, QX, QY, QZ, TX, TY, TZ, CAMERA_ID, NAME");
        text.WriteLine("#   POINTS2D[] as (X, Y, POINT3D_ID)");
        text.WriteLine(Line($"# Number of images: {path.Poses.Count}"));
        text.WriteLine($"# MetricDepth: the world is the first frame's camera, {path.Unit}");
        using var sightings = path.Points?.Read(path.Cancellation).GetEnumerator();
        bool more = sightings?.MoveNext() == true;
        for (int i = 0; i < path.Poses.Count; i++)
        {
            path.Cancellation.ThrowIfCancellationRequested();
            var (frame, pose) = path.Poses[i];
            int image = i + 1;
            var (r, t) = pose.Inverse;
            var q = UnitQuaternion.From(r);
            text.WriteLine(Line($"{image} {q.W} {q.X} {q.Y} {q.Z} {t.X + 0.0} {t.Y + 0.0} {t.Z + 0.0} {CameraId} {ExportedPath.ImageName(frame)}"));
            while (more && sightings!.Current.Frame < frame) more = sightings.MoveNext();
            if (more && sightings!.Current.Frame == frame) WriteSightings(sightings.Current, image, lists!, text);
            text.WriteLine();
        }
    }

    private static void WriteSightings(PointSightings seen, int image, SightingLists lists, TextWriter text)
    {
        for (int j = 0; j < seen.Points.Length; j++)
        {
            int point = seen.Points[j];
            text.Write(Line($"{(j > 0 ? " " : "")}{seen.Positions[j].X + HalfPixel:0.###} {seen.Positions[j].Y + HalfPixel:0.###} {(point < 0 ? -1 : point + 1)}"));
            if (point >= 0) lists.Add(point, image, j);
        }
    }

    private static void WritePoints(ExportedPath path, SightingLists? lists, TextWriter text)
    {
        var points = path.Points?.Points ?? [];
        WritePointsHead(points.Count, text);
        for (int i = 0; i < points.Count; i++)
        {
            path.Cancellation.ThrowIfCancellationRequested();
            var (at, _, error) = points[i];
            uint colour = i < path.PointColors.Count ? path.PointColors[i] : Grey;
            text.Write(Line($"{i + 1} {at.X} {at.Y} {at.Z} {colour >> 16 & 255} {colour >> 8 & 255} {colour & 255} {error:0.######}"));
            var list = lists!.Of(i);
            for (int j = 0; j < list.Length; j += 2) text.Write(Line($" {list[j]} {list[j + 1]}"));
            text.WriteLine();
        }
    }

    private static void WriteCloud(DepthCloud cloud, TextWriter text, CancellationToken cancellation)
    {
        var points = cloud.Points;
        WritePointsHead(points.Count, text);
        text.WriteLine(Line($"# MetricDepth: {cloud.Frames} frames of depth merged in cells of {cloud.CellSize}, without tracks"));
        for (int i = 0; i < points.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            uint colour = points.Color.Length > 0 ? points.Color[i] : Grey;
            text.WriteLine(Line($"{i + 1} {points.X[i]} {points.Y[i]} {points.Z[i]} {colour >> 16 & 255} {colour >> 8 & 255} {colour & 255} {NoError}"));
        }
    }

    private static void WritePointsHead(int count, TextWriter text)
    {
        text.WriteLine("# 3D point list with one line of data per point:");
        text.WriteLine("#   POINT3D_ID, X, Y, Z, R, G, B, ERROR, TRACK[] as (IMAGE_ID, POINT2D_IDX)");
        text.WriteLine(Line($"# Number of points: {count}"));
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
