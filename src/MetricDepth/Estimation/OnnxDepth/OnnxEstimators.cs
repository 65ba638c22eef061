using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Estimation.UniDepth;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>Who estimates with an ONNX file: what goes in and comes out of it tells.</summary>
internal static class OnnxEstimators
{
    /// <summary>Opens the file.</summary>
    /// <exception cref="MetricDepthException">It is not a network that can be run, or takes or gives something else than is known here.</exception>
    public static IDepthEstimator Open(InstalledModel installed, DepthEstimationOptions options)
    {
        var model = OnnxModel.Open(installed.Path, options.Inference);
        if (!UniDepthNetwork.Is(model)) return new ImageDepthEstimator(new OnnxImageNetwork(model, options.ModelPath is null ? installed.Info : null, options));
        if (options.Normalization is not null || options.OutputMeaning is not null)
        {
            model.Dispose();
            throw new MetricDepthException(options.Normalization is not null ? "NormalizationNotUsed" : "OutputMeaningNotUsed", FailureKind.InvalidArgument,
                $"'{installed.Path}' is a file of UniDepth's exporter, of which normalisation and meaning are known. Leave out -Normalization and -OutputMeaning.");
        }
        return new UniDepthEstimator(new(model, installed.Info.Family == ModelFamily.UniDepthV2 ? installed.Info.Name : "UniDepthV2"));
    }
}
