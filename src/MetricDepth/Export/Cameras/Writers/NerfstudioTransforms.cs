using System.Globalization;
using System.Text.Json;
using MetricDepth.Export.Ply;
using MetricDepth.Export.PointClouds;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>
/// nerfstudio's <c>transforms.json</c>: one lens, and for each picture the 4×4 matrix camera to world with OpenGL axes (x right, y up, z
/// backward). The world is ours turned so that z is up; <c>applied_transform</c> says how. Pixel centres lie at halves. Points are in that
/// turned world: nerfstudio's reader treats them as it treats the cameras, without <c>applied_transform</c>. Depth is along the camera's axis, in millimetres.
/// </summary>
internal static class NerfstudioTransforms
{
    public const string FileName = "transforms.json";

    /// <summary>The points, under the name that nerfstudio's own tools give them.</summary>
    public const string PointsName = "sparse_pc.ply";

    public static IReadOnlyList<CameraFile> Files(ExportedPath path)
    {
        var transforms = new CameraFile(FileName, stream => Write(path, stream));
        return path.Cloud is { } cloud ? [transforms, new(PointsName, stream => WritePoints(cloud, stream, path.Cancellation))] : [transforms];
    }

    private static void Write(ExportedPath path, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n" });
        var k = path.Camera;
        json.WriteStartObject();
        json.WriteString("camera_model", "OPENCV");
        json.WriteNumber("w", k.Width);
        json.WriteNumber("h", k.Height);
        json.WriteNumber("fl_x", k.Fx);
        json.WriteNumber("fl_y", k.Fy);
        json.WriteNumber("cx", k.Cx + 0.5);
        json.WriteNumber("cy", k.Cy + 0.5);
        foreach (string coefficient in (string[])["k1", "k2", "p1", "p2"]) json.WriteNumber(coefficient, 0);
        // not nerfstudio's, which leaves it alone; it tells our importer whether the unit is the metre
        if (path.Scale is { } scale) json.WriteString("scale", scale.ToString());
        json.WriteStartArray("applied_transform");
        WriteRows(json, new(WorldAxes.ZUpFromCamera, default));
        json.WriteEndArray();
        if (path.Cloud is not null) json.WriteString("ply_file_path", PointsName);
        json.WriteStartArray("frames");
        foreach (var (frame, pose) in path.Poses)
        {
            path.Cancellation.ThrowIfCancellationRequested();
            json.WriteStartObject();
            json.WriteString("file_path", ExportedPath.ImageFolder + "/" + ExportedPath.ImageName(frame));
            if (path.HasDepthPictures) json.WriteString("depth_file_path", ExportedPath.DepthFolder + "/" + ExportedPath.ImageName(frame));
            json.WriteStartArray("transform_matrix");
            WriteRows(json, WorldAxes.ToGraphics(pose));
            WriteRow(json, 0, 0, 0, 1);
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePoints(DepthCloud cloud, Stream stream, CancellationToken cancellation)
    {
        var points = cloud.Points;
        var turned = new PointBuffer(points.Count, points.Fields) { Count = points.Count };
        points.Color.AsSpan(0, Math.Min(points.Color.Length, points.Count)).CopyTo(turned.Color);
        for (int i = 0; i < points.Count; i++)
        {
            var (x, y, z) = WorldAxes.ZUpFromCamera * new Vector3(points.X[i], points.Y[i], points.Z[i]);
            (turned.X[i], turned.Y[i], turned.Z[i]) = ((float)x, (float)y, (float)z);
        }
        var encoder = new PlyPointEncoder(PlyEncoding.Binary, points.Fields, [Invariant($"{cloud.Frames} frames merged in cells of {cloud.CellSize}")], 0)
        {
            AxesComment = PlyHeader.UprightAxesComment,
        };
        encoder.Append(turned);
        stream.Write(encoder.Header(points.Count));
        encoder.Bytes.CopyTo(stream, cancellation);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void WriteRows(Utf8JsonWriter json, Pose pose)
    {
        var (r, t) = pose;
        WriteRow(json, r.M00, r.M01, r.M02, t.X);
        WriteRow(json, r.M10, r.M11, r.M12, t.Y);
        WriteRow(json, r.M20, r.M21, r.M22, t.Z);
    }

    private static void WriteRow(Utf8JsonWriter json, double a, double b, double c, double d)
    {
        json.WriteStartArray();
        json.WriteNumberValue(a);
        json.WriteNumberValue(b);
        json.WriteNumberValue(c);
        json.WriteNumberValue(d);
        json.WriteEndArray();
    }
}
