using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.Choice;

/// <summary>Which estimator is to do a job.</summary>
/// <param name="Model">Its network; null for the built-in motion stereo.</param>
/// <param name="Metric">The single-image network that gives a relative video network its metres; null for none.</param>
/// <param name="Because">Why this one, for people.</param>
internal sealed record DepthModelChoice(InstalledModel? Model, InstalledModel? Metric, string Because)
{
    /// <summary>The names that are not those of models.</summary>
    public const string Auto = "Auto", MotionStereo = "MotionStereo";

    /// <summary>What it is called.</summary>
    public string Name => Model?.Info.Name ?? MotionStereo;

    /// <summary>The network's family; null for motion stereo.</summary>
    public ModelFamily? Family => Model?.Info.Family;

    /// <summary>Chooses.</summary>
    /// <param name="options">What the user said.</param>
    /// <param name="hasGpu">Whether networks run on a GPU; asked only where it matters.</param>
    /// <exception cref="MetricDepthException"><c>ModelGivenTwice</c>, <c>ModelNotInstalled</c>, <c>ModelUnknown</c>, or what the user said does not go together.</exception>
    public static DepthModelChoice For(DepthEstimationOptions options, Func<bool> hasGpu)
    {
        var choice = Choose(options, hasGpu);
        ModelParameters.ThrowIfUnused(choice, options);
        return choice;
    }

    private static DepthModelChoice Choose(DepthEstimationOptions options, Func<bool> hasGpu)
    {
        bool isNamed = options.Model is { } named && !named.Equals(Auto, StringComparison.OrdinalIgnoreCase);
        if (options.ModelPath is { } path)
        {
            if (isNamed)
                throw new MetricDepthException("ModelGivenTwice", FailureKind.InvalidArgument,
                    $"-Model {options.Model} and -ModelPath both say which model. Give only one of them.");
            var file = ModelFile.Describe(path, options.OutputMeaning, out string reason);
            return WithMetric(file, options, hasGpu, reason);
        }
        if (isNamed && options.Model!.Equals(MotionStereo, StringComparison.OrdinalIgnoreCase)) return new(null, null, "-Model asks for it");
        if (isNamed) return WithMetric(ModelStore.Open(options.StoreFolder).Find(options.Model!), options, hasGpu, "-Model asks for it");
        if (options.CameraPath is not null) return new(null, null, "only motion stereo has a use for -CameraPath");
        if (options.Confidence) return new(null, null, "only motion stereo knows how sure it is, which -Confidence asks for");
        return new AutomaticChoice(ModelStore.Open(options.StoreFolder).Installed(), options, hasGpu).Make();
    }

    /// <summary>A relative video network gets a metric image network if there is one, unless the user gives the scale himself.</summary>
    private static DepthModelChoice WithMetric(InstalledModel model, DepthEstimationOptions options, Func<bool> hasGpu, string because)
    {
        if (model.Info is not { Task: ModelTask.VideoDepth, IsMetric: false }) return new(model, null, because);
        var store = ModelStore.Open(options.StoreFolder);
        if (options.MetricModel is { } name) return new(model, MetricOf(store.Find(name)), because);
        if (options.MedianDepth is not null) return new(model, null, because);
        var metric = new AutomaticChoice(store.Installed(), options, hasGpu).MetricImageModel(forVideo: true);
        return new(model, metric, metric is null ? because : $"{because}; {metric.Info.Name} gives it metres");
    }

    private static InstalledModel MetricOf(InstalledModel model) =>
        model.Info is { Task: ModelTask.ImageDepth, IsMetric: true, Output: OutputMeaning.Depth, Family: not ModelFamily.Onnx } ? model
        : throw new MetricDepthException("MetricModelUnsuitable", FailureKind.InvalidArgument,
            $"-MetricModel {model.Info.Name} does not give metres for single pictures. Give one of DepthAnythingV2-Metric-* or UniDepth.");
}
