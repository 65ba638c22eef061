using MetricDepth.Imaging;

namespace MetricDepth.Depth.Import;

/// <summary>What one step of stored numbers is worth where files do not say so themselves.</summary>
internal static class StoredUnit
{
    /// <summary>Most sensors write whole millimetres.</summary>
    public const double Millimetre = 0.001;

    /// <summary>Metres a step: what was asked for; else 1 for floating point, and millimetres for whole numbers of at least 16 bits.</summary>
    /// <exception cref="MetricDepthException"><c>DepthUnitMissing</c>.</exception>
    public static double For(NpyElement element, string path, double? given) =>
        given ?? (element.IsFloat ? 1 : element.Bytes > 1 ? Millimetre : throw Missing(path));

    /// <summary>Eight bits are no common unit of depth.</summary>
    public static MetricDepthException Missing(string path) => new("DepthUnitMissing", FailureKind.InvalidArgument,
        $"'{path}' holds 8-bit numbers and does not say how many metres a step is. Give -DepthUnit, for example the largest depth divided by 255.");
}
