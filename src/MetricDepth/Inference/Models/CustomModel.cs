namespace MetricDepth.Inference.Models;

/// <summary>What a user says of a file of the user's own.</summary>
public sealed record CustomModelFacts
{
    /// <summary>Its network; null to take <see cref="ModelFamily.Onnx"/> for an .onnx file.</summary>
    public ModelFamily? Family { get; init; }

    /// <summary>What its output means; null for what is usual.</summary>
    public OutputMeaning? Output { get; init; }

    /// <summary>Whether its output is in metres; null for what is usual.</summary>
    public bool? IsMetric { get; init; }

    /// <summary>The depth that its largest output stands for, metres.</summary>
    public double? MaxDepth { get; init; }

    /// <summary>Attention heads of its transformer; null for one to 64 channels.</summary>
    public int? Heads { get; init; }
}

/// <summary>Models that no catalog knows: a checkpoint that somebody has trained further, an ONNX network.</summary>
public static class CustomModel
{
    /// <summary>Describes a file.</summary>
    /// <param name="name">The name that it is to have.</param>
    /// <param name="path">The file.</param>
    /// <param name="facts">What the user says of it.</param>
    /// <exception cref="MetricDepthException"><c>ModelNameInvalid</c>, <c>ModelFileInvalid</c>, <c>ModelFamilyNeeded</c>, <c>OutputNeeded</c>, <c>MaxDepthNeeded</c>.</exception>
    public static ModelInfo Describe(string name, string path, CustomModelFacts facts)
    {
        if (!ModelName.IsValid(name))
            throw new MetricDepthException("ModelNameInvalid", FailureKind.InvalidArgument,
                $"'{name}' cannot be a model's name. Take letters, digits, '-', '_' and '.', at most {ModelName.Longest} of them.");
        string file = name + Path.GetExtension(path).ToLowerInvariant();
        if (!ModelName.IsValidFile(file))
            throw new MetricDepthException("ModelFileInvalid", FailureKind.InvalidArgument,
                $"'{path}' is no model file by its name. Files of models end with {string.Join(", ", ModelName.Extensions)}.");
        bool isOnnx = Path.GetExtension(file) == ".onnx";
        var family = facts.Family ?? (isOnnx ? ModelFamily.Onnx : throw new MetricDepthException("ModelFamilyNeeded", FailureKind.InvalidArgument,
            $"A checkpoint does not say which network it belongs to. Give -Family {ModelFamily.VideoDepthAnything} or -Family {ModelFamily.DepthAnythingV2}."));
        if ((family is ModelFamily.Onnx or ModelFamily.UniDepthV2) != isOnnx)
            throw new MetricDepthException("ModelFileInvalid", FailureKind.InvalidArgument, isOnnx
                ? $"'{path}' is an ONNX network, and {family} takes a checkpoint (.pth, .safetensors). Give -Family {ModelFamily.Onnx} or -Family {ModelFamily.UniDepthV2}."
                : $"'{path}' is a checkpoint, and {family} takes an ONNX network. Give -Family {ModelFamily.VideoDepthAnything} or -Family {ModelFamily.DepthAnythingV2}.");
        if (family == ModelFamily.Onnx && facts.Output is null)
            throw new MetricDepthException("OutputNeeded", FailureKind.InvalidArgument,
                "An ONNX network does not say what its numbers mean. Give -Output Depth (metres; with -Metric:$false up to one factor), InverseDepth or Disparity.");
        // of the published checkpoints it is the metric ones that give depth, and only UniDepth always does
        bool metric = facts.IsMetric ?? (family == ModelFamily.UniDepthV2 || (facts.Output == OutputMeaning.Depth) || facts.MaxDepth is not null);
        if (family == ModelFamily.DepthAnythingV2 && metric && facts.MaxDepth is null)
            throw new MetricDepthException("MaxDepthNeeded", FailureKind.InvalidArgument,
                "A metric Depth-Anything-V2 checkpoint does not say which depth its largest output stands for. Give -MaxDepth (20 for Hypersim's, 80 for Virtual KITTI's).");
        return new()
        {
            Name = name,
            Task = family == ModelFamily.VideoDepthAnything ? ModelTask.VideoDepth : ModelTask.ImageDepth,
            Family = family,
            Output = facts.Output ?? (metric ? OutputMeaning.Depth : OutputMeaning.InverseDepth),
            IsMetric = metric,
            MaxDepth = facts.MaxDepth,
            Heads = facts.Heads,
            FileName = file,
            Description = "A file of your own.",
        };
    }
}
