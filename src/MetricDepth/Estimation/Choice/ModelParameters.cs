using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.Choice;

/// <summary>What goes only with some models: nobody is to believe that a parameter did something which it did not.</summary>
internal static class ModelParameters
{
    /// <summary>Refuses what would change nothing and was meant to.</summary>
    /// <exception cref="MetricDepthException">Named after the parameter.</exception>
    public static void ThrowIfUnused(DepthModelChoice choice, DepthEstimationOptions options)
    {
        bool network = choice.Model is not null, relativeVideo = choice.Model?.Info is { Task: ModelTask.VideoDepth, IsMetric: false };
        if (options.CameraPath is not null && network)
            throw Unused("CameraPathNotUsed", $"{choice.Name} does not need to know where the camera was, and has no use for -CameraPath. Leave it out, or use -Model MotionStereo.");
        if (options.Confidence && network)
            throw Unused("ConfidenceUnavailable", choice.Family == ModelFamily.UniDepthV2
                ? $"{choice.Name}'s confidence only ranks the pixels of one picture; it is no chance that the depth is right, which is what -Confidence writes. Leave it out, or use -Model MotionStereo."
                : $"{choice.Name} gives depth but not how sure it is of it. Leave -Confidence out, or use the built-in estimator, which knows: -Model MotionStereo.");
        if (options.MetricModel is { } metric && !relativeVideo)
            throw Unused("MetricModelNotUsed", network
                ? $"-MetricModel {metric} gives metres to a relative video model; {choice.Name} is none. Leave it out, or take -Model VideoDepthAnything-Small, -Base or -Large."
                : $"-MetricModel {metric} gives metres to a relative video model; motion stereo has no use for it. Leave it out, or take -Model VideoDepthAnything-Small, -Base or -Large.");
        if (options.Normalization is not null && choice.Family != ModelFamily.Onnx)
            throw Unused("NormalizationNotUsed", $"{choice.Name} has its own normalisation; -Normalization is for other ONNX files. Leave it out.");
        if (options.OutputMeaning is not null && options.ModelPath is null && choice.Family != ModelFamily.Onnx)
            throw Unused("OutputMeaningNotUsed", $"What {choice.Name} gives is known; -OutputMeaning is for files of your own (-ModelPath). Leave it out.");
    }

    /// <summary>What changes nothing but was not wrong to say, for warnings.</summary>
    public static IEnumerable<string> Idle(DepthModelChoice choice, DepthEstimationOptions options)
    {
        if (options.NoRollingAverage && choice.Metric is null)
            yield return $"-NoRollingAverage says how a relative video model gets its metres from a metric image model; {choice.Name} is used without one, so it changes nothing.";
        if (choice.Model is null && options.Inference != new Inference.OnnxModelOptions())
            yield return "Motion stereo runs no network, so -Device, -Precision, -Threads and -MemoryLimit change nothing.";
    }

    private static MetricDepthException Unused(string errorId, string message) => new(errorId, FailureKind.InvalidArgument, message);
}
