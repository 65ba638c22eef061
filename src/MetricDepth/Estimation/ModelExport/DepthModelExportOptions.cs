using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.ModelExport;

/// <summary>What <see cref="DepthModelExport"/> is asked for.</summary>
public sealed record DepthModelExportOptions
{
    /// <summary>The model: one of the store's, or a checkpoint at hand as <see cref="DepthModelExport.Describe"/> describes it.</summary>
    public required InstalledModel Model { get; init; }

    /// <summary>Whether the user said what the model's output means, so that nothing else may say otherwise.</summary>
    public bool MeaningIsTold { get; init; }

    /// <summary>The .onnx file; for <see cref="GraphLayout.Split"/> the part's name is put before the extension.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The width that the network takes, px, a multiple of 14.</summary>
    public required int Width { get; init; }

    /// <summary>The height that the network takes, px, a multiple of 14.</summary>
    public required int Height { get; init; }

    /// <summary>What it calculates with; <see cref="InferencePrecision.Auto"/> is float32.</summary>
    public InferencePrecision Precision { get; init; } = InferencePrecision.Float32;

    /// <summary>One file, or three.</summary>
    public GraphLayout Layout { get; init; }

    /// <summary>Weights of more bytes go into a file of their own: protocol buffers end at 2 GB, and operators and names take some, too.</summary>
    internal long MostWeightsInside { get; init; } = 2_000_000_000;
}
