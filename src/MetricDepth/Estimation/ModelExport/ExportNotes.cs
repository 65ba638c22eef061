using System.Globalization;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.ModelExport;

/// <summary>
/// What an exported file says of itself in its metadata: enough to use it without its makers' code, and for
/// <c>ConvertTo-MetricDepth -ModelPath</c> to use it without being told anything.
/// </summary>
internal static class ExportNotes
{
    /// <summary>The notes.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="part">Which file of it: <c>whole</c>, <c>encoder</c>, <c>temporal</c>, <c>decoder</c>.</param>
    /// <param name="windowLength">Frames of a window; null where there is none.</param>
    public static Dictionary<string, string> For(DepthModelExportOptions options, string part, int? windowLength)
    {
        var info = options.Model.Info;
        var notes = new Dictionary<string, string>
        {
            ["metricdepth.model"] = info.Name,
            ["metricdepth.family"] = info.Family.ToString(),
            ["metricdepth.part"] = part,
            ["metricdepth.mean"] = Numbers(PictureInput.Mean),
            ["metricdepth.std"] = Numbers(PictureInput.Deviation),
            ["metricdepth.output"] = info.Output switch { OutputMeaning.Depth => "depth", OutputMeaning.InverseDepth => "inverse_depth", _ => "disparity" },
            ["metricdepth.metric"] = info.IsMetric ? "true" : "false",
            ["metricdepth.precision"] = options.Precision == InferencePrecision.Float16 ? "float16" : "float32",
            ["metricdepth.input_help"] = "RGB, resized (bicubic, a = -0.75, no antialiasing) to the size of the input, then (x / 255 - mean) / std, planes red, green, blue"
                + (windowLength is { } n ? string.Create(CultureInfo.InvariantCulture, $"; {n} frames of a clip make a window") : ""),
            ["metricdepth.output_help"] = info switch
            {
                { IsMetric: true, Output: OutputMeaning.Depth } => "depth along the view axis in metres",
                { Output: OutputMeaning.Depth } => "depth along the view axis, up to one factor and one offset",
                _ when windowLength is not null => "inverse depth, up to one factor and one offset for each window",
                _ => "inverse depth, up to one factor and one offset for each picture",
            } + "; resize bilinearly with aligned corners to the frame",
            ["metricdepth.source"] = Path.GetFileName(options.Model.Path),
            ["metricdepth.source_sha256"] = options.Model.Sha256,
        };
        if (windowLength is { } frames) notes["metricdepth.window"] = frames.ToString(CultureInfo.InvariantCulture);
        if (info.MaxDepth is { } metres) notes["metricdepth.max_depth"] = metres.ToString(CultureInfo.InvariantCulture);
        if (info.Source is { } address) notes["metricdepth.source_url"] = address.ToString();
        if (info.License.Length > 0) notes["metricdepth.license"] = info.License;
        return notes;
    }

    private static string Numbers(IReadOnlyList<double> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
