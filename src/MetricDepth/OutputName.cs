using MetricDepth.Export.Meshes;
using MetricDepth.Rendering;

namespace MetricDepth;

/// <summary>
/// Where results go when nobody says otherwise: beside their input, under the names of the Python toolbox, so that the two can
/// share a folder: <c>clip.mp4</c>, <c>clip.mp4_depth.mkv</c>, <c>clip.mp4_depth.mkv_stereo.mkv</c>.
/// </summary>
public static class OutputName
{
    private const string DepthSuffix = "_depth.mkv";
    private const string StereoSuffix = "_stereo.mkv";
    private const string InfillMaskSuffix = "_infillmask.mkv";
    private const string RenderSuffix = "_render.mkv";
    private const string StillMark = "_render_";
    private const string PointCloudSuffix = "_points";
    private const string PreviewSuffix = "_preview.mp4";
    private const string MeshSuffix = "_mesh";
    private const string GraySuffix = "_grey_depth.mkv";
    private const string ConfidenceSuffix = "_confidence.mkv";
    private const string BackgroundSuffix = "_background.npy";
    private const string TrackingSuffix = "_tracking.json";
    private const string CameraPathSuffix = "_transformations.json";
    private const string SceneSuffix = "_scene";
    private const string JsonSuffix = ".json";

    /// <summary>The depth video of a clip, an image or a folder of images.</summary>
    public static string DepthVideo(string sourcePath) => Path.TrimEndingDirectorySeparator(sourcePath) + DepthSuffix;

    /// <summary>How sure a depth video is, beside it.</summary>
    public static string ConfidenceVideo(string depthPath) => depthPath + ConfidenceSuffix;

    /// <summary>The stereo video of a depth video.</summary>
    public static string StereoVideo(string depthPath, StereoLayout layout = StereoLayout.SideBySide) => depthPath + layout switch
    {
        StereoLayout.Touchly0 => "_Touchly0.mkv",
        StereoLayout.Touchly1 => "_Touchly1.mkv",
        _ => StereoSuffix,
    };

    /// <summary>The mask beside a stereo video.</summary>
    public static string InfillMask(string stereoPath) => stereoPath + InfillMaskSuffix;

    /// <summary>The video of a depth video from a new viewpoint.</summary>
    public static string RenderVideo(string depthPath) => depthPath + RenderSuffix;

    /// <summary>One frame of a depth video from a new viewpoint, the frame's number in seven digits.</summary>
    public static string RenderStill(string depthPath, long frame) =>
        depthPath + StillMark + frame.ToString("D7", System.Globalization.CultureInfo.InvariantCulture) + ".png";

    /// <summary>The background of a depth video, beside what is rendered from it.</summary>
    public static string Background(string depthPath, string renderedPath) =>
        Path.Combine(Path.GetDirectoryName(renderedPath) ?? "", Path.GetFileName(depthPath) + BackgroundSuffix);

    /// <summary>The folder for the meshes of a depth video.</summary>
    public static string MeshFolder(string depthPath) => depthPath + MeshSuffix;

    /// <summary>The folder for the point clouds of a depth video.</summary>
    public static string PointCloudFolder(string depthPath) => depthPath + PointCloudSuffix;

    /// <summary>The grey video of a depth video.</summary>
    public static string GrayVideo(string depthPath) => depthPath + GraySuffix;

    /// <summary>The one point cloud of a whole depth video.</summary>
    /// <param name="depthPath">The depth video.</param>
    /// <param name="extension">Of the format, with the dot.</param>
    public static string MergedPointCloud(string depthPath, string extension) => depthPath + PointCloudSuffix + extension;

    /// <summary>A depth video in colours, to look at.</summary>
    public static string DepthPreview(string depthPath) => depthPath + PreviewSuffix;

    /// <summary>The whole scene of a depth video, one mesh.</summary>
    public static string Scene(string depthPath, MeshFormat format = MeshFormat.Glb) => depthPath + SceneSuffix + MeshFile.Extension(format);

    /// <summary>The video that goes round a scene: beside it, under its name.</summary>
    public static string ScenePreview(string scenePath) => Path.ChangeExtension(scenePath, ".mp4");

    /// <summary>The point tracks of a clip.</summary>
    public static string PointTracks(string clipPath) => clipPath + TrackingSuffix;

    /// <summary>The clip that a tracking file's name speaks of; null if it does not end as ours do.</summary>
    public static string? TrackedVideo(string tracksPath) => WithoutSuffix(tracksPath, TrackingSuffix);

    /// <summary>The camera path of a depth video, or of a clip without one.</summary>
    public static string CameraPath(string videoPath) => videoPath + CameraPathSuffix;

    /// <summary>The depth video or clip that a camera path's name speaks of; null if it does not end as ours do.</summary>
    public static string? VideoOfCameraPath(string cameraPath) => WithoutSuffix(cameraPath, CameraPathSuffix);

    /// <summary>The video that shows what a JSON file says: beside it, under its name (<c>clip.mp4_tracking.mp4</c>).</summary>
    public static string Visualization(string jsonPath) => (WithoutSuffix(jsonPath, JsonSuffix) ?? jsonPath) + ".mp4";

    /// <summary>The colour video that a depth video's name speaks of; null if it does not end as ours do, or speaks of the arrays that the depth was imported from.</summary>
    public static string? ColorVideo(string depthPath) =>
        WithoutSuffix(depthPath, DepthSuffix) is { } source && Path.GetExtension(source).ToLowerInvariant() is not (".npz" or ".npy" or ".exr") ? source : null;

    private static string? WithoutSuffix(string path, string suffix) =>
        path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && path.Length > suffix.Length ? path[..^suffix.Length] : null;

    /// <summary>
    /// The file that a destination means: the default beside the input when it is null; the default's name inside it when it is a
    /// folder (one that exists, or a name that ends with a separator); otherwise the destination itself.
    /// </summary>
    public static string Resolve(string? destination, string defaultPath) =>
        destination is null ? defaultPath
        : IsFolder(destination) ? Path.Combine(destination, Path.GetFileName(Path.TrimEndingDirectorySeparator(defaultPath)))
        : destination;

    /// <summary>Whether a destination means a folder: it exists as one, or its name ends with a separator.</summary>
    public static bool IsFolder(string destination) => Path.EndsInDirectorySeparator(destination) || Directory.Exists(destination);

    /// <summary>Refuses a destination early, before hours of work: one that exists already, or that is one of the inputs.</summary>
    /// <exception cref="MetricDepthException">It is an input, a folder, or exists while <paramref name="overwrite"/> is false.</exception>
    public static void ThrowIfUnusable(string destination, bool overwrite, params ReadOnlySpan<string?> inputs)
    {
        string full = Path.GetFullPath(destination);
        var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        foreach (string? input in inputs)
            if (input is not null && string.Equals(Path.GetFullPath(input), full, comparison))
                throw new MetricDepthException("DestinationIsInput", FailureKind.InvalidArgument,
                    $"'{destination}' is an input and would be overwritten. Give another -DestinationPath.");
        if (Directory.Exists(full))
            throw new MetricDepthException("DestinationIsFolder", FailureKind.AlreadyExists,
                $"'{destination}' is a folder. Give a file name as -DestinationPath.");
        if (!overwrite && File.Exists(full))
            throw new MetricDepthException("DestinationExists", FailureKind.AlreadyExists,
                $"'{destination}' exists already. Use -Force to replace it, or give another -DestinationPath.");
    }
}
