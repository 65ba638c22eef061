using System.Text.RegularExpressions;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>Finds out what a network's output means. Files rarely say it, so names have to do; the metadata key decides where it is there.</summary>
internal static partial class DepthOutput
{
    /// <summary>Metadata key: <c>depth</c>, <c>inverse_depth</c> or <c>disparity</c>.</summary>
    public const string MeaningKey = "metricdepth.output";

    /// <summary>
    /// Metadata key: <c>true</c> where the numbers are metres or 1/metres, <c>false</c> where they are only right up to a factor. Depth is
    /// metric without it, the others are not.
    /// </summary>
    public const string MetricKey = "metricdepth.metric";

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

    /// <summary>What the output means, whether it is metric, and why it is taken so.</summary>
    /// <param name="model">The network.</param>
    /// <param name="output">Its output.</param>
    /// <param name="told">What the user says; null to find out.</param>
    /// <exception cref="MetricDepthException"><c>ModelMetadataInvalid</c>.</exception>
    public static (OutputMeaning Meaning, bool IsMetric, string Because) Interpret(OnnxModel model, OnnxTensorInfo output, OutputMeaning? told = null)
    {
        var (meaning, because) = told is { } said ? (said, "-OutputMeaning says so") : Meaning(model, output);
        if (!model.Metadata.TryGetValue(MetricKey, out string? metric)) return (meaning, meaning == OutputMeaning.Depth, because);
        if (!bool.TryParse(metric, out bool isMetric)) throw Malformed(model, MetricKey, "true or false");
        return (meaning, isMetric, $"{because}, and its metadata says {MetricKey}={metric}");
    }

    private static (OutputMeaning Meaning, string Because) Meaning(OnnxModel model, OnnxTensorInfo output)
    {
        if (model.Metadata.TryGetValue(MeaningKey, out string? said))
        {
            OutputMeaning meaning = said switch
            {
                "depth" => OutputMeaning.Depth,
                "inverse_depth" => OutputMeaning.InverseDepth,
                "disparity" => OutputMeaning.Disparity,
                _ => throw Malformed(model, MeaningKey, "depth, inverse_depth or disparity"),
            };
            return (meaning, $"its metadata says {MeaningKey}={said}");
        }
        if (DisparityName().IsMatch(output.Name)) return (OutputMeaning.Disparity, $"its output is called '{output.Name}'");
        if (InverseName().IsMatch(output.Name)) return (OutputMeaning.InverseDepth, $"its output is called '{output.Name}'");
        string file = Path.GetFileName(model.Path);
        if (output.Name.Contains("metric", StringComparison.OrdinalIgnoreCase) || MetricFile().IsMatch(file))
            return (OutputMeaning.Depth, "its name speaks of a metric network");
        // Depth Anything's and MiDaS's plain networks give inverse depth and still call it "depth" or "predicted_depth".
        if (RelativeFamily().IsMatch(file))
            return (OutputMeaning.InverseDepth, "networks of that name give inverse depth unless the name says 'metric'");
        return output.Name.Equals("predicted_depth", StringComparison.OrdinalIgnoreCase)
            ? (OutputMeaning.InverseDepth, "exports with 'predicted_depth' give inverse depth unless the name says 'metric'")
            : (OutputMeaning.Depth, $"its output is called '{output.Name}'");
    }

    private static MetricDepthException Malformed(OnnxModel model, string key, string expected) => new("ModelMetadataInvalid", FailureKind.InvalidData,
        $"'{model.Path}' has {key}={model.Metadata[key]} in its metadata. It has to be {expected}.");

    [GeneratedRegex("disp", RegexOptions.IgnoreCase)]
    private static partial Regex DisparityName();

    [GeneratedRegex("inv", RegexOptions.IgnoreCase)]
    private static partial Regex InverseName();

    [GeneratedRegex("metric|indoor|outdoor|hypersim|kitti|nyu|zoe|unidepth|depth[-_ ]?pro", RegexOptions.IgnoreCase)]
    private static partial Regex MetricFile();

    [GeneratedRegex("depth[-_ ]?anything|midas|dpt", RegexOptions.IgnoreCase)]
    private static partial Regex RelativeFamily();
}
