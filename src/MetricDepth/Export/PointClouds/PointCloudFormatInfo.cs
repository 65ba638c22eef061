using MetricDepth.Export.Las;
using MetricDepth.Export.Ply;

namespace MetricDepth.Export.PointClouds;

/// <summary>What is asked of an encoder.</summary>
/// <param name="Encoding">How numbers are written, where the format has a choice.</param>
/// <param name="Fields">What points carry beside their position.</param>
internal readonly record struct PointLayout(PlyEncoding Encoding, VertexFields Fields)
{
    /// <summary>Lines for people in the header, where the format has them; ASCII.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];
}

/// <summary>A file format for point clouds; the table of them.</summary>
/// <param name="Format">Its name.</param>
/// <param name="Extension">Of its files, with the dot.</param>
/// <param name="Fields">What its points can carry beside their position.</param>
/// <param name="HasText">Whether it can write numbers in words.</param>
/// <param name="Create">Makes an encoder with room for so many points.</param>
internal sealed record PointCloudFormatInfo(
    PointCloudFormat Format, string Extension, VertexFields Fields, bool HasText, Func<PointLayout, long, PointEncoder> Create)
{
    private static readonly PointCloudFormatInfo[] Table =
    [
        new(PointCloudFormat.Ply, ".ply", VertexFields.Normal | VertexFields.Color, true,
            (layout, points) => new PlyPointEncoder(layout.Encoding, layout.Fields, layout.Comments, points)),
        new(PointCloudFormat.Las, ".las", VertexFields.Color, false, (layout, points) => new LasPointEncoder(layout.Fields, points)),
    ];

    /// <summary>The row of a format.</summary>
    public static PointCloudFormatInfo Of(PointCloudFormat format) => Table.First(row => row.Format == format);

    /// <summary>The format that a file's name says; null if none.</summary>
    public static PointCloudFormat? Named(string? path) =>
        Table.FirstOrDefault(row => string.Equals(Path.GetExtension(path), row.Extension, StringComparison.OrdinalIgnoreCase))?.Format;
}
