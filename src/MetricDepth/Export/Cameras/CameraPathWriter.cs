using MetricDepth.Export.Cameras.Writers;

namespace MetricDepth.Export.Cameras;

/// <summary>What a format has, and what it must know.</summary>
[Flags]
internal enum CameraFileTraits
{
    None = 0,
    /// <summary>It is a folder with several files.</summary>
    Folder = 1,
    /// <summary>It cannot be written without the lens.</summary>
    Lens = 2,
    /// <summary>It cannot be written without the frame rate.</summary>
    FrameRate = 4,
    /// <summary>It names pictures.</summary>
    Pictures = 8,
    /// <summary>It can hold points in space.</summary>
    Points = 16,
    /// <summary>What reads it takes every pose for measured: poses of which nothing is known are left out.</summary>
    MeasuredPosesOnly = 32,
    /// <summary>It names depth pictures.</summary>
    DepthPictures = 64,
    /// <summary>It can hold points without sightings.</summary>
    DepthPoints = 128,
}

/// <summary>A format that camera paths are written in.</summary>
/// <param name="Format">Its name.</param>
/// <param name="Suffix">What follows the name of the depth video or clip.</param>
/// <param name="Traits">What it has and needs.</param>
/// <param name="Files">The files it consists of, in the order in which they are written.</param>
internal sealed record CameraPathWriter(
    CameraPathExportFormat Format, string Suffix, CameraFileTraits Traits, Func<ExportedPath, IReadOnlyList<CameraFile>> Files)
{
    /// <summary>All formats.</summary>
    private static readonly CameraPathWriter[] All =
    [
        new(CameraPathExportFormat.Colmap, "_colmap", CameraFileTraits.Folder | CameraFileTraits.Lens | CameraFileTraits.Pictures
            | CameraFileTraits.Points | CameraFileTraits.DepthPoints | CameraFileTraits.MeasuredPosesOnly, ColmapModel.Files),
        new(CameraPathExportFormat.Nerfstudio, "_nerfstudio", CameraFileTraits.Folder | CameraFileTraits.Lens | CameraFileTraits.Pictures
            | CameraFileTraits.DepthPictures | CameraFileTraits.DepthPoints | CameraFileTraits.MeasuredPosesOnly, NerfstudioTransforms.Files),
        new(CameraPathExportFormat.Tum, "_tum.txt", CameraFileTraits.FrameRate, TumTrajectory.Files),
        new(CameraPathExportFormat.Kitti, "_kitti.txt", CameraFileTraits.None, KittiTrajectory.Files),
        new(CameraPathExportFormat.Blender, "_blender.py", CameraFileTraits.Lens | CameraFileTraits.FrameRate, BlenderScript.Files),
    ];

    /// <summary>The writer of a format.</summary>
    public static CameraPathWriter Of(CameraPathExportFormat format) => Array.Find(All, w => w.Format == format)
        ?? throw new ArgumentOutOfRangeException(nameof(format), format, null);
}

/// <summary>One file of a format.</summary>
/// <param name="Name">Its name inside the folder, with <c>/</c>; empty for a format of one file.</param>
/// <param name="Write">Writes it.</param>
internal sealed record CameraFile(string Name, Action<Stream> Write)
{
    /// <summary>A text file: UTF-8 without a mark, lines end in LF on every machine.</summary>
    public static CameraFile Text(string name, Action<TextWriter> write) => new(name, stream =>
    {
        using var text = new StreamWriter(stream, new System.Text.UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        write(text);
    });
}
