using System.Text.RegularExpressions;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>What the numbers of a depth network mean.</summary>
internal enum DepthMeaning
{
    /// <summary>Metres.</summary>
    Depth,
    /// <summary>Large is near; 1/metres up to an unknown factor and offset.</summary>
    InverseDepth,
}

/// <summary>Finds out what a network's output means. Files rarely say it, so names have to do; the metadata key decides where it is there.</summary>
internal static partial class DepthOutput
{
    /// <summary>Metadata key: <c>depth</c> or <c>inverse_depth</c>.</summary>
    public const string MeaningKey = "metricdepth.output";

    /// <summary>The output that is the depth: the one whose name says so, otherwise the first.</summary>
    public static OnnxTensorInfo Choose(OnnxModel model)
    {
        string[] known = ["metric_depth", "depth", "predicted_depth", "disparity", "inverse_depth"];
        var output = known.Select(name => model.Outputs.FirstOrDefault(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(o => o is not null) ?? model.Outputs[0];
        int rank = output.Shape.Count;
        if (!output.IsFloat32 || rank is 1 or > 4)
            throw new MetricDepthException("ModelOutputUnsupported", FailureKind.InvalidData,
                $"The output {output} of '{model.Path}' is not one depth map of float32 ([1, H, W] or [1, 1, H, W]). Use a model that gives one.");
        return output;
    }

    /// <summary>What the output means, and why it is taken so.</summary>
    /// <exception cref="MetricDepthException"><c>ModelMetadataInvalid</c>.</exception>
    public static (DepthMeaning Meaning, string Because) Interpret(OnnxModel model, OnnxTensorInfo output)
    {
        if (model.Metadata.TryGetValue(MeaningKey, out string? said))
            return said switch
            {
                "depth" => (DepthMeaning.Depth, $"its metadata says {MeaningKey}=depth"),
                "inverse_depth" or "disparity" => (DepthMeaning.InverseDepth, $"its metadata says {MeaningKey}={said}"),
                _ => throw new MetricDepthException("ModelMetadataInvalid", FailureKind.InvalidData,
                    $"'{model.Path}' has {MeaningKey}={said} in its metadata. It has to be depth or inverse_depth."),
            };
        if (InverseName().IsMatch(output.Name))
            return (DepthMeaning.InverseDepth, $"its output is called '{output.Name}'");
        string file = Path.GetFileName(model.Path);
        if (output.Name.Contains("metric", StringComparison.OrdinalIgnoreCase) || MetricFile().IsMatch(file))
            return (DepthMeaning.Depth, "its name speaks of a metric network");
        // Depth Anything's and MiDaS's plain networks give inverse depth and still call it "depth" or "predicted_depth".
        if (RelativeFamily().IsMatch(file))
            return (DepthMeaning.InverseDepth, "networks of that name give inverse depth unless the name says 'metric'");
        return output.Name.Equals("predicted_depth", StringComparison.OrdinalIgnoreCase)
            ? (DepthMeaning.InverseDepth, "exports with 'predicted_depth' give inverse depth unless the name says 'metric'")
            : (DepthMeaning.Depth, $"its output is called '{output.Name}'");
    }

    [GeneratedRegex("disp|inv", RegexOptions.IgnoreCase)]
    private static partial Regex InverseName();

    [GeneratedRegex("metric|indoor|outdoor|hypersim|kitti|nyu|zoe|unidepth|depth[-_ ]?pro", RegexOptions.IgnoreCase)]
    private static partial Regex MetricFile();

    [GeneratedRegex("depth[-_ ]?anything|midas|dpt", RegexOptions.IgnoreCase)]
    private static partial Regex RelativeFamily();
}
