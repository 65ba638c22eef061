using System.Globalization;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>What can be wrong with files of other programs.</summary>
internal static class CameraFileProblem
{
    /// <summary>A line of a text file cannot be used.</summary>
    public static MetricDepthException AtLine(string path, long line, string why) =>
        Malformed(path, string.Create(CultureInfo.InvariantCulture, $"line {line}: {why}"));

    /// <summary>A file cannot be used.</summary>
    public static MetricDepthException Malformed(string path, string why, Exception? inner = null) =>
        new("CameraPathMalformed", FailureKind.InvalidData, $"'{path}' cannot be read as a camera path: {why}. Check the file, and that -Format is what it holds.", inner);

    /// <summary>Nothing says what a file is.</summary>
    public static MetricDepthException Unknown(string path) => new("CameraPathFormatUnknown", FailureKind.InvalidData,
        $"'{path}' is no camera path that is known here: TUM, KITTI, nerfstudio, COLMAP, ARKit recordings, or a list of matrices. Give -Format, or the file that holds the poses.");
}
