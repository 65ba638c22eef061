using MetricDepth.Estimation.DepthAnything.Network;
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
                using (OnnxModel.Open(path, new() { Device = InferenceDevice.Cpu })) { }
                break;
        }
    }
}
