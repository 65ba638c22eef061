using System.Text.Json;
using MetricDepth.Export.Cameras.Readers;

namespace MetricDepth.Export.Cameras;

/// <summary>A format that camera paths are read from.</summary>
/// <param name="Format">Its name.</param>
/// <param name="Read">Reads it.</param>
internal sealed record CameraPathReader(CameraPathImportFormat Format, Func<CameraSource, CameraTrajectory> Read)
{
    /// <summary>All formats.</summary>
    private static readonly CameraPathReader[] All =
    [
        new(CameraPathImportFormat.Json, MatrixListReader.Read),
        new(CameraPathImportFormat.Tum, TumReader.Read),
        new(CameraPathImportFormat.Kitti, KittiReader.Read),
        new(CameraPathImportFormat.Nerfstudio, NerfstudioReader.Read),
        new(CameraPathImportFormat.Colmap, ColmapReader.Read),
        new(CameraPathImportFormat.ArKit, ArKitReader.Read),
    ];

    /// <summary>The reader of a format; of <see cref="CameraPathImportFormat.Auto"/>, the one that the content asks for.</summary>
    /// <exception cref="MetricDepthException">Nothing says what it is.</exception>
    public static CameraPathReader Of(CameraPathImportFormat format, CameraSource source)
    {
        if (format == CameraPathImportFormat.Auto) format = (source.IsFolder ? InFolder(source) : InFile(source)) ?? throw CameraFileProblem.Unknown(source.Path);
        return Array.Find(All, r => r.Format == format) ?? throw new ArgumentOutOfRangeException(nameof(format), format, null);
    }

    private static CameraPathImportFormat? InFolder(CameraSource source)
    {
        if (source.Find(ColmapReader.ImageFiles) is not null) return CameraPathImportFormat.Colmap;
        if (source.Find("transforms.json", "transforms_train.json") is not null) return CameraPathImportFormat.Nerfstudio;
        return source.Find(ArKitReader.Record3DFiles) is not null || ArKitReader.FrameFiles(source.Path).Count > 0 ? CameraPathImportFormat.ArKit : null;
    }

    private static CameraPathImportFormat? InFile(CameraSource source)
    {
        if (Path.GetFileName(source.Path) is { } name && (name.Equals("images.txt", StringComparison.OrdinalIgnoreCase) || name.Equals("images.bin", StringComparison.OrdinalIgnoreCase)))
            return CameraPathImportFormat.Colmap;
        var text = CameraSource.Beginning(source.Path).AsSpan().TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8);
        if (text.Length > 0 && text[0] is (byte)'{' or (byte)'[') return InJson(source.Path);
        using var lines = new LineReader(source.Path, source.Cancellation);
        if (!lines.ReadData(out var line)) return null;
        return Fields.Count(line, KittiReader.FieldCount + 1) switch
        {
            TumReader.FieldCount => CameraPathImportFormat.Tum,
            KittiReader.FieldCount => CameraPathImportFormat.Kitti,
            10 => CameraPathImportFormat.Colmap,
            _ => null,
        };
    }

    private static CameraPathImportFormat? InJson(string path)
    {
        using var json = CameraJson.Open(path);
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Array) return CameraPathImportFormat.Json;
        if (CameraJson.TryGet(root, "frames", out _)) return CameraPathImportFormat.Nerfstudio;
        if (ArKitReader.IsFrame(root)) return CameraPathImportFormat.ArKit;
        if (!CameraJson.TryGet(root, "poses", out var poses) || poses.ValueKind != JsonValueKind.Array || poses.GetArrayLength() == 0) return null;
        return poses[0].ValueKind == JsonValueKind.Array && poses[0].GetArrayLength() == 4 ? CameraPathImportFormat.Json : CameraPathImportFormat.ArKit;
    }
}
