using MetricDepth.Estimation.Choice;
using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.OnnxDepth;
using MetricDepth.Estimation.UniDepth;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation;

/// <summary>
/// Opens a model's file as the estimator of its family will, so that a foreign, damaged or hostile file is found out when it is installed
/// and not when it is used.
/// </summary>
public static class ModelFileCheck
{
    /// <summary>Opens a file.</summary>
    /// <param name="model">What it is said to be.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MetricDepthException">What the checkpoint, the network or ONNX Runtime finds wrong with it.</exception>
    public static void Run(ModelInfo model, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        switch (model.Family)
        {
            case ModelFamily.VideoDepthAnything:
                using (var checkpoint = Checkpoint.Open(path)) VideoDepthAnythingNetwork.Read(checkpoint, model.Heads);
                break;
            case ModelFamily.DepthAnythingV2:
                using (var checkpoint = Checkpoint.Open(path)) DepthAnythingNetwork.Read(checkpoint, model.Heads);
                break;
            default:
                OpenOnnx(model, path);
                break;
        }
    }

    /// <summary>The network that a checkpoint belongs to, by its tensors.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointForeign</c>: none that is known here; what <see cref="Checkpoint.Open"/> throws.</exception>
    public static ModelFamily FamilyOf(string path)
    {
        using (Checkpoint.Open(path)) return ModelFile.Describe(path, told: null, out _).Info.Family;
    }

    private static void OpenOnnx(ModelInfo model, string path)
    {
        var options = new DepthEstimationOptions { SourcePath = "", Inference = new() { Device = InferenceDevice.Cpu } };
        using var estimator = OnnxEstimators.Open(new(model, path, "", default), options);
        if (model.Family == ModelFamily.UniDepthV2 && estimator is not UniDepthEstimator)
            throw new MetricDepthException("ModelForeign", FailureKind.InvalidData,
                $"'{path}' is an ONNX network, but not one that UniDepth's exporter writes. Export it with unidepth/models/unidepthv2/export.py, or install it under a name of its own: Install-DepthModel MyDepth -Path FILE -Output Depth.");
    }
}
