using System.Buffers.Binary;
using System.Text.RegularExpressions;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.Choice;

/// <summary>Finds out what a file of the user's own is: an ONNX network, or a checkpoint of a network that is known here.</summary>
internal static partial class ModelFile
{
    private const string TemporalKey = "head.motion_modules.", ImageHeadKey = "depth_head.";

    private const byte OnnxBegins = 8; // the tag of ir_version, the first field

    /// <summary>The depth at the largest output of a metric Depth-Anything-V2, metres: Hypersim's (indoors), which is also its makers' default, and VKITTI's.</summary>
    private const double IndoorDepth = 20, OutdoorDepth = 80;

    /// <summary>Describes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="told">What the user says its output means; null to go by its name.</param>
    /// <param name="because">How it is known, for people.</param>
    /// <exception cref="MetricDepthException"><c>ModelNotFound</c>; <c>CheckpointForeign</c>: a checkpoint of another network;
    /// <c>OutputMeaningUnsuitable</c>; a checkpoint is damaged.</exception>
    public static InstalledModel Describe(string path, OutputMeaning? told, out string because)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new MetricDepthException("ModelNotFound", FailureKind.NotFound, $"There is no model '{path}'. Give the path of an ONNX file or of a checkpoint (.pth, .safetensors).");
        if (IsCheckpoint(full)) return new(FromCheckpoint(full, told, out because), full, "", default);
        because = "-ModelPath names it";
        return new(new()
        {
            Name = Path.GetFileName(full),
            Task = ModelTask.ImageDepth,
            Family = ModelFamily.Onnx,
            Output = told ?? OutputMeaning.Depth, // the network itself is asked when it is loaded
            IsMetric = false,
            FileName = Path.GetFileName(full),
        }, full, "", default);
    }

    /// <summary>
    /// By the first bytes: a zip archive or a pickle (PyTorch), or a length and a JSON object (safetensors). What begins like none of them, nor
    /// with ONNX's 8, is taken for what its name says, so that a damaged checkpoint is not called a bad ONNX file.
    /// </summary>
    private static bool IsCheckpoint(string path)
    {
        Span<byte> head = stackalloc byte[9];
        using var stream = File.OpenRead(path);
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        bool begins = read == head.Length && (head.StartsWith("PK\x03\x04"u8) || head[0] == 0x80
            || head[8] == '{' && BinaryPrimitives.ReadInt64LittleEndian(head) is > 0 and var length && length < stream.Length);
        return begins || (read == 0 || head[0] != OnnxBegins) && CheckpointName().IsMatch(path);
    }

    private static ModelInfo FromCheckpoint(string path, OutputMeaning? told, out string because)
    {
        string file = Path.GetFileName(path);
        using var checkpoint = Checkpoint.Open(path);
        bool isVideo = checkpoint.Tensors.Keys.Any(key => key.StartsWith(TemporalKey, StringComparison.Ordinal));
        if (!isVideo && !checkpoint.Tensors.Keys.Any(key => key.StartsWith(ImageHeadKey, StringComparison.Ordinal)))
            throw new MetricDepthException("CheckpointForeign", FailureKind.InvalidData,
                $"'{path}' is a checkpoint, but neither of Video-Depth-Anything nor of Depth-Anything-V2. Export it to ONNX where it comes from, and give that file.");
        if (told == OutputMeaning.Disparity)
            throw new MetricDepthException("OutputMeaningUnsuitable", FailureKind.InvalidArgument,
                $"'{path}' is a checkpoint of {(isVideo ? "Video-Depth-Anything" : "Depth-Anything-V2")}, whose networks give Depth (metric) or InverseDepth. Give -OutputMeaning one of these.");
        bool isMetric = told is { } meaning ? meaning == OutputMeaning.Depth : MetricName().IsMatch(file);
        string how = told is not null ? "-OutputMeaning says so" : "its name says so; -OutputMeaning overrides it";
        because = $"its tensors are those of {(isVideo ? "Video-Depth-Anything" : "Depth-Anything-V2")}, {(isMetric ? "metric" : "relative")}: {how}";
        double? maxDepth = isVideo || !isMetric ? null : OutdoorName().IsMatch(file) ? OutdoorDepth : IndoorDepth;
        if (maxDepth is not null) because += OutdoorName().IsMatch(file) || IndoorName().IsMatch(file)
            ? "" : $" (its name says neither hypersim or indoor nor vkitti or outdoor, so its largest output is taken as {IndoorDepth} m, as its makers do)";
        return new()
        {
            Name = file,
            Task = isVideo ? ModelTask.VideoDepth : ModelTask.ImageDepth,
            Family = isVideo ? ModelFamily.VideoDepthAnything : ModelFamily.DepthAnythingV2,
            Output = isMetric ? OutputMeaning.Depth : OutputMeaning.InverseDepth,
            IsMetric = isMetric,
            MaxDepth = maxDepth,
            FileName = file,
        };
    }

    [GeneratedRegex(@"\.(pth|pt|safetensors)$", RegexOptions.IgnoreCase)]
    private static partial Regex CheckpointName();

    [GeneratedRegex("metric|hypersim|kitti|indoor|outdoor", RegexOptions.IgnoreCase)]
    private static partial Regex MetricName();

    [GeneratedRegex("kitti|outdoor", RegexOptions.IgnoreCase)]
    private static partial Regex OutdoorName();

    [GeneratedRegex("hypersim|indoor", RegexOptions.IgnoreCase)]
    private static partial Regex IndoorName();
}
