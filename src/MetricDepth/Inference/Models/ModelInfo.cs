namespace MetricDepth.Inference.Models;

/// <summary>What a model does.</summary>
public enum ModelTask
{
    /// <summary>Depth of a window of frames at once, steady over time.</summary>
    VideoDepth,
    /// <summary>Depth of each frame for itself.</summary>
    ImageDepth,
}

/// <summary>Which network a model's weights belong to.</summary>
public enum ModelFamily
{
    /// <summary>Video-Depth-Anything (Chen et al., CVPR 2025).</summary>
    VideoDepthAnything,
    /// <summary>Depth-Anything-V2 (Yang et al., NeurIPS 2024).</summary>
    DepthAnythingV2,
    /// <summary>UniDepthV2 (Piccinelli et al., 2025), as its own exporter writes it.</summary>
    UniDepthV2,
    /// <summary>Any ONNX network that takes one picture and gives one map.</summary>
    Onnx,
}

/// <summary>A model that can be installed: a line of <c>models/catalog.json</c>, or a file of the user's own.</summary>
public sealed record ModelInfo
{
    /// <summary>What users call it, e.g. <c>VideoDepthAnything-Metric-Small</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Its network.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary><c>Small</c>, <c>Base</c>, <c>Large</c>, or empty.</summary>
    public string Size { get; init; } = "";

    /// <summary>What its output means.</summary>
    public required OutputMeaning Output { get; init; }

    /// <summary>Whether the output is in metres (or 1/metres), not only right up to a factor and an offset.</summary>
    public required bool IsMetric { get; init; }

    /// <summary>The depth that the network's largest output stands for, metres (Depth-Anything-V2 metric: 20 indoors, 80 outdoors); null where it has none.</summary>
    public double? MaxDepth { get; init; }

    /// <summary>SPDX name of the weights' licence.</summary>
    public string License { get; init; } = "";

    /// <summary>Whether the licence forbids commercial use, so that it has to be accepted.</summary>
    public bool NonCommercial { get; init; }

    /// <summary>Where the file comes from; null for a file of the user's own.</summary>
    public Uri? Source { get; init; }

    /// <summary>Where else the same file comes from, tried in this order when <see cref="Source"/> does not answer.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>The file's name in the store.</summary>
    public required string FileName { get; init; }

    /// <summary>Its size, bytes; null if unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its SHA-256, lower-case hexadecimal; null if unknown.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Attention heads of the transformer; null for one to 64 channels, as in all published sizes.</summary>
    public int? Heads { get; init; }

    /// <summary>A sentence for people.</summary>
    public string Description { get; init; } = "";
}

/// <summary>A model in the store.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Path">Full path of the checkpoint or ONNX file.</param>
/// <param name="Sha256">What the file's hash was when it was installed.</param>
/// <param name="Installed">When.</param>
public sealed record InstalledModel(ModelInfo Info, string Path, string Sha256, DateTimeOffset Installed);
