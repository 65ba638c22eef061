using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.Choice;

/// <summary>
/// The best installed model: a metric video model, else a relative one with a metric image model, else a metric image model, else none.
/// Of several sizes the largest on a GPU, the smallest on a CPU.
/// </summary>
internal sealed class AutomaticChoice(IReadOnlyList<InstalledModel> installed, DepthEstimationOptions options, Func<bool> hasGpu)
{
    private static readonly string[] Sizes = ["Small", "Base", "Large"];

    /// <summary>Depth-Anything's indoor networks end at 20 m.</summary>
    private const double IndoorDepth = 20;

    /// <summary>Chooses.</summary>
    public DepthModelChoice Make()
    {
        if (options.MetricModel is { } wanted)
        {
            var relative = Best(m => IsVideo(m) && !m.Info.IsMetric)
                ?? throw new MetricDepthException("ModelNotInstalled", FailureKind.NotFound,
                    $"-MetricModel {wanted} gives metres to a relative video model, and none is installed. Run Install-DepthModel VideoDepthAnything-Small, or use -Model {wanted} alone.");
            return DepthModelChoice.For(options with { Model = relative.Info.Name }, hasGpu) with { Because = Why("relative video model, to which -MetricModel gives metres") };
        }
        if (Best(m => IsVideo(m) && m.Info.IsMetric) is { } metricVideo) return new(metricVideo, null, Why("video model that gives metres"));
        if (options.MedianDepth is null && Best(m => IsVideo(m) && !m.Info.IsMetric) is { } video && MetricImageModel(forVideo: true) is { } metres)
            return new(video, metres, $"{Why("video model")}; {metres.Info.Name} gives it metres");
        if (options.MedianDepth is not null && Best(IsVideo) is { } scaled) return new(scaled, null, $"{Why("video model")}; -MedianDepth gives it metres");
        if (MetricImageModel(forVideo: false) is { } image) return new(image, null, Why("model that gives metres"));
        return new(null, null, installed.Count == 0
            ? "no model is installed (Get-DepthModel lists what there is)"
            : "no model is installed that gives metres by itself (Install-DepthModel VideoDepthAnything-Metric-Small does)");
    }

    /// <summary>The best single-image model that gives metres; null if there is none.</summary>
    /// <param name="forVideo">Only those that go with a video model.</param>
    public InstalledModel? MetricImageModel(bool forVideo)
    {
        bool outdoor = options.MaxDepth > IndoorDepth;
        return Best(m => m.Info is { Task: ModelTask.ImageDepth, IsMetric: true, Output: OutputMeaning.Depth } && !(forVideo && m.Info.Family == ModelFamily.Onnx), Suits);

        // the range of a network is chosen by what is to be stored; a user's own ONNX file comes last, because it may be made for anything
        int Suits(ModelInfo info) => info.Family switch
        {
            ModelFamily.DepthAnythingV2 => info.MaxDepth > IndoorDepth == outdoor ? 0 : 2,
            ModelFamily.UniDepthV2 => 1,
            _ => 3,
        };
    }

    private static bool IsVideo(InstalledModel model) => model.Info.Task == ModelTask.VideoDepth;

    private InstalledModel? Best(Func<InstalledModel, bool> suits, Func<ModelInfo, int>? kind = null)
    {
        InstalledModel[] candidates = [.. installed.Where(suits).OrderBy(m => kind?.Invoke(m.Info) ?? 0).ThenBy(m => m.Info.Name, StringComparer.OrdinalIgnoreCase)];
        if (candidates.Length == 0) return null;
        int best = kind?.Invoke(candidates[0].Info) ?? 0;
        candidates = [.. candidates.Where(m => (kind?.Invoke(m.Info) ?? 0) == best)];
        if (candidates.Length == 1) return candidates[0];
        return hasGpu() ? candidates.MaxBy(Size) : candidates.MinBy(Size);
    }

    private static int Size(InstalledModel model) => Array.IndexOf(Sizes, model.Info.Size) is >= 0 and var size ? size : Sizes.Length;

    private string Why(string kind) => $"it is the best {kind} that is installed (of several sizes the {(hasGpu() ? "largest, for the GPU" : "smallest, for the CPU")})";
}
