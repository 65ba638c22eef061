using System.Text.Json;

namespace MetricDepth.Geometry;

/// <summary>
/// One camera pose per frame. On disk: JSON, an array with one 4×4 row-major matrix per frame that takes a point in that
/// frame's camera to frame 0's camera, metres.
/// </summary>
/// <param name="Path">The file, or null when it is not on disk.</param>
/// <param name="Poses">Camera to frame 0's camera, one a frame.</param>
public sealed record CameraPath(string? Path, IReadOnlyList<Pose> Poses)
{
    private const long MaxFileBytes = 1L << 30;
    private const double OrthonormalTolerance = 1e-2;

    /// <summary>The file's name without its folder; empty when it is not on disk.</summary>
    public string Name => System.IO.Path.GetFileName(Path) ?? "";

    /// <summary>How many poses there are.</summary>
    public int FrameCount => Poses.Count;

    /// <summary>How far the camera travelled, in the unit of the path.</summary>
    public double Length => Poses.Zip(Poses.Skip(1), (a, b) => (b.Translation - a.Translation).Length).Sum();

    /// <summary>How far each pose can be trusted, one a frame; empty for a path that was read from a file.</summary>
    public IReadOnlyList<PoseQuality> Frames { get; init; } = [];

    /// <summary>What the unit rests on; null for a path that was read from a file.</summary>
    public CameraPathScale? Scale { get; init; }

    /// <summary>Root mean square reprojection error of the points that agree with the path, px of the clip; null for a path that was read from a file.</summary>
    public double? ReprojectionError { get; init; }

    /// <summary>Share of the sightings of known points that agree with the path, 0..1; null for a path that was read from a file.</summary>
    public double? InlierShare { get; init; }

    /// <summary>Places recognised after they had been out of sight; null for a path that was read from a file.</summary>
    public int? LoopsClosed { get; init; }

    /// <summary>The clip that the camera took; null if unknown.</summary>
    public string? ColorPath { get; init; }

    /// <summary>The lens, px of the clip; null for a path that was read from a file, which does not say.</summary>
    public Intrinsics? Camera { get; init; }

    /// <summary>Horizontal field of view, degrees; null where the lens is not known.</summary>
    public double? HorizontalFov => Camera?.HorizontalFov;

    /// <summary>Vertical field of view, degrees; null where the lens is not known.</summary>
    public double? VerticalFov => Camera?.VerticalFov;

    /// <summary>Frames per second of the clip; null for a path that was read from a file, which does not say.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Frames that were adjusted together with the points they see.</summary>
    public int KeyframeCount => Frames.Count(f => f.IsKeyframe);

    /// <summary>Frames whose pose is not solved from what they see.</summary>
    public int BridgedFrameCount => Frames.Count(f => f.State != PoseState.Solved);

    /// <summary>
    /// Reads a camera path. An object with a <c>poses</c> member (any world frame) is read too; poses are rebased so that the
    /// first is the identity.
    /// </summary>
    /// <exception cref="MetricDepthException">The file is missing, or is not a list of rigid 4×4 matrices.</exception>
    public static CameraPath Load(string path)
    {
        var written = LoadAsWritten(path);
        var first = written.Poses[0].Inverse;
        return written with { Poses = [.. written.Poses.Select(p => first * p)] };
    }

    /// <summary>Reads a camera path and leaves its poses as they are: the path of a virtual camera need not begin at the identity.</summary>
    /// <exception cref="MetricDepthException">The file is missing, or is not a list of rigid 4×4 matrices.</exception>
    public static CameraPath LoadAsWritten(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw Directory.Exists(path)
                ? new MetricDepthException("FileNotFound", FailureKind.NotFound,
                    $"'{path}' is a folder. Import-CameraPath makes a camera path of what other programs keep in folders.")
                : MetricDepthException.FileNotFound(path);
        if (file.Length > MaxFileBytes)
            throw Malformed(path, "it is larger than 1 GiB");
        try
        {
            using var stream = file.OpenRead();
            using var json = JsonDocument.Parse(stream);
            var list = json.RootElement;
            if (list.ValueKind == JsonValueKind.Object && list.TryGetProperty("poses", out var poses)) list = poses;
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) throw Malformed(path, "it is not a list of matrices");
            return new(file.FullName, [.. list.EnumerateArray().Select((m, i) => ReadMatrix(m, i, path))]);
        }
        catch (JsonException e)
        {
            throw Malformed(path, "it is not JSON", e);
        }
    }

    /// <summary>The file, so that a path can be given wherever the name of one is taken.</summary>
    public override string ToString() => Path ?? "";

    /// <summary>Writes the path as JSON; numbers are written to full precision.</summary>
    public void Save(string path)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartArray();
        foreach (var (r, t) in Poses)
        {
            json.WriteStartArray();
            WriteRow(json, r.M00, r.M01, r.M02, t.X);
            WriteRow(json, r.M10, r.M11, r.M12, t.Y);
            WriteRow(json, r.M20, r.M21, r.M22, t.Z);
            WriteRow(json, 0, 0, 0, 1);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static Pose ReadMatrix(JsonElement m, int index, string path)
    {
        Span<double> v = stackalloc double[16];
        int n = 0;
        if (m.ValueKind != JsonValueKind.Array || m.GetArrayLength() != 4) throw Malformed(path, $"matrix {index} has not 4 rows");
        foreach (var row in m.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != 4) throw Malformed(path, $"matrix {index} has not 4 columns");
            foreach (var e in row.EnumerateArray())
                v[n++] = e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double d) && double.IsFinite(d)
                    ? d : throw Malformed(path, $"matrix {index} holds something that is not a number");
        }
        var r = new Rotation(v[0], v[1], v[2], v[4], v[5], v[6], v[8], v[9], v[10]);
        var check = r * r.Transposed;
        if (Math.Abs(check.M00 - 1) + Math.Abs(check.M11 - 1) + Math.Abs(check.M22 - 1)
            + Math.Abs(check.M01) + Math.Abs(check.M02) + Math.Abs(check.M12) > OrthonormalTolerance)
            throw Malformed(path, $"matrix {index} is not a rotation and translation");
        return new(r, new(v[3], v[7], v[11]));
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

    private static MetricDepthException Malformed(string path, string why, Exception? inner = null) =>
        new("CameraPathMalformed", FailureKind.InvalidData,
            $"'{path}' is not a camera path: {why}. A camera path is JSON with one 4x4 row-major matrix per frame; Import-CameraPath makes one of the poses of other programs.", inner);
}
