using System.Globalization;
using System.Text;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>COLMAP models: the folder, or its images.txt or images.bin; world to camera, our axes. Points are passed over.</summary>
internal static class ColmapReader
{
    /// <summary>Where the pictures of a model stand.</summary>
    public static readonly string[] ImageFiles =
    [
        "images.txt", "images.bin", "sparse/0/images.txt", "sparse/0/images.bin", "sparse/images.txt", "sparse/images.bin", "0/images.txt", "0/images.bin",
        "colmap/sparse/0/images.txt", "colmap/sparse/0/images.bin",
    ];

    public static CameraTrajectory Read(CameraSource source)
    {
        string file = source.File(ImageFiles);
        bool isBinary = file.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);
        var images = isBinary ? ColmapBinary.ReadImages(file, source.Cancellation) : ReadImages(file, source.Cancellation);
        if (images.Count == 0) throw CameraFileProblem.Malformed(file, "it holds no pictures");
        long[] frames = PictureNumbers.Of(file, [.. images.Select(i => i.Name)], out bool areNumbered);
        var trajectory = new CameraTrajectory(file, isTimed: false)
        {
            Scale = CameraPathScale.Relative,
            IsNumberedByName = areNumbered,
            Camera = FindCamera(Path.ChangeExtension(Path.Combine(Path.GetDirectoryName(file)!, "cameras"), isBinary ? ".bin" : ".txt"), isBinary, images, source),
        };
        for (int i = 0; i < frames.Length; i++) trajectory.Add(frames[i], images[i].WorldToCamera.Inverse);
        return trajectory;
    }

    private static List<ColmapImage> ReadImages(string path, CancellationToken cancellation)
    {
        var images = new List<ColmapImage>();
        var ids = new HashSet<double>();
        using var lines = new LineReader(path, cancellation);
        Span<double> v = stackalloc double[9];
        while (lines.ReadData(out var line))
        {
            var fields = new Fields(line);
            if (!fields.TryNumbers(v) || fields.Rest.Length == 0)
                throw CameraFileProblem.AtLine(path, lines.Line, "it is not a picture: number, quaternion, translation, camera and name");
            if (!RigidMotion.TryFromQuaternion(v[1], v[2], v[3], v[4], new(v[5], v[6], v[7]), out var pose))
                throw CameraFileProblem.AtLine(path, lines.Line, "the quaternion has no length");
            if (!ids.Add(v[0])) throw CameraFileProblem.AtLine(path, lines.Line, string.Create(CultureInfo.InvariantCulture, $"picture {v[0]} is there already"));
            if (images.Count == CameraTrajectory.MostPoses) throw CameraFileProblem.Malformed(path, $"it holds more than {CameraTrajectory.MostPoses} pictures");
            images.Add(new(pose, (long)v[8], Encoding.UTF8.GetString(fields.Rest)));
            // what the picture sees; empty where it sees nothing
            lines.Skip();
        }
        return images;
    }

    private static Intrinsics? FindCamera(string path, bool isBinary, List<ColmapImage> images, CameraSource source)
    {
        if (!File.Exists(path))
        {
            source.Progress?.Report(FrameProgress.Verbose($"There is no '{path}', so that the lens is not known."));
            return null;
        }
        long wanted = images[0].CameraId;
        bool isDistorted = false;
        var camera = isBinary ? ColmapBinary.ReadCamera(path, wanted, out isDistorted) : ReadCamera(path, wanted, out isDistorted, source.Cancellation);
        if (isDistorted)
            source.Progress?.Report(FrameProgress.Warning($"The lens in '{path}' has distortion, which is left out: poses are right, but lines at the border of the picture are bent. Undistort the clip for precise work."));
        if (images.Exists(i => i.CameraId != wanted))
            source.Progress?.Report(FrameProgress.Warning("The pictures were taken with different cameras; the lens of the first is taken for all."));
        return camera;
    }

    private static Intrinsics? ReadCamera(string path, long wanted, out bool isDistorted, CancellationToken cancellation)
    {
        isDistorted = false;
        using var lines = new LineReader(path, cancellation);
        Span<double> size = stackalloc double[2];
        Span<double> values = stackalloc double[ColmapCameraModel.MostParameters];
        while (lines.ReadData(out var line))
        {
            var fields = new Fields(line);
            if (!fields.TryNumber(out double id)) throw CameraFileProblem.AtLine(path, lines.Line, "it is not a camera");
            if ((long)id != wanted) continue;
            string name = Encoding.UTF8.GetString(fields.Word());
            var model = ColmapCameraModel.All.FirstOrDefault(m => m.Name == name);
            if (model is null || !fields.TryNumbers(size) || !fields.TryNumbers(values[..model.ParameterCount]) || fields.Rest.Length > 0
                || model.Pinhole(size[0], size[1], values, out isDistorted) is not { } camera)
                throw CameraFileProblem.AtLine(path, lines.Line, "it is not a camera: number, model, width, height and its parameters");
            return camera;
        }
        return null;
    }
}

/// <summary>A picture of a COLMAP model.</summary>
/// <param name="WorldToCamera">Its pose.</param>
/// <param name="CameraId">Its camera's number.</param>
/// <param name="Name">Its file.</param>
internal readonly record struct ColmapImage(Pose WorldToCamera, long CameraId, string Name);
