using System.Globalization;
using MetricDepth.Depth;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A folder of 16-bit grey PNG files: <c>round(depth / unit)</c>, 0 = no depth, which is also what lies beyond 65535 steps.</summary>
internal sealed class Png16Format : IDepthVideoFormat
{
    private const double Millimetre = 0.001;
    private const int OverheadBytes = 2048; // chunks and texts

    /// <inheritdoc/>
    public DepthVideoParameters Parameters => DepthVideoParameters.DepthUnit;

    /// <inheritdoc/>
    public bool IsFolder => true;

    /// <inheritdoc/>
    public string DefaultPath(string depthPath) => depthPath + "_png";

    /// <inheritdoc/>
    public ExportSize Size(DepthVideoExportOptions options) =>
        new(options.Count(options.Depth.FrameCount), 2.0 * options.Depth.Width * options.Depth.Height + OverheadBytes, IsLimit: true);

    /// <inheritdoc/>
    public DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation)
    {
        double unit = facts.Options.DepthUnit ?? Millimetre;
        if (!(unit > 0 && double.IsFinite(unit)))
            throw new MetricDepthException("DepthUnitOutOfRange", FailureKind.InvalidArgument, "-DepthUnit is metres per step, for example 0.001 for millimetres.");
        var tags = facts.Tags(new DepthEncoding(unit));
        return new FrameFilesTarget(facts, ".png", () => new Png16Encoder(facts.Width, facts.Height, unit, tags), count => string.Create(CultureInfo.InvariantCulture,
            $"{count} pixels are farther than {unit * ushort.MaxValue:0.###} m, the most that 16 bits hold in steps of {unit:0.#########} m; they were written as 0, no depth. Give -DepthUnit {RoundUnit(facts.Source.MaxDepth):0.#########} to keep them, or -MaxDepth {unit * ushort.MaxValue:0.###} to say that they do not matter."));
    }

    /// <summary>The smallest unit of 1, 2 or 5 times a power of ten that holds a depth.</summary>
    private static double RoundUnit(double maxDepth)
    {
        double least = maxDepth / ushort.MaxValue, power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return Math.Round((least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10) * power, 15);
    }
}
