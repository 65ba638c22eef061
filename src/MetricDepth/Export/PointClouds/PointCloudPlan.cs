using System.Globalization;
using MetricDepth.Export.Ply;

namespace MetricDepth.Export.PointClouds;

/// <summary>What the options make of the files: their format, what points carry, how large they can become.</summary>
internal sealed class PointCloudPlan
{
    private readonly PointCloudExportOptions _options;
    private readonly PointCloudFormatInfo _format;

    /// <summary>Checks what is asked for.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="isColored">Whether there is a colour video.</param>
    /// <exception cref="MetricDepthException">The options contradict each other.</exception>
    public PointCloudPlan(PointCloudExportOptions options, bool isColored)
    {
        (_options, _format) = (options, PointCloudFormatInfo.Of(options.Format));
        Require(!options.Ascii || _format.HasText, "AsciiNotInFormat", $"{_format.Extension} files are always binary. Leave -Ascii out, or use -Format Ply.");
        Require(!options.Normals || _format.Fields.HasFlag(VertexFields.Normal), "NormalsNotInFormat",
            $"{_format.Extension} files have no place for normals. Leave -Normals out, or use -Format Ply.");
        Require(options.VoxelSize is null || options.Merge, "MergeMissing",
            "-VoxelSize is the width of the cells in which -Merge puts frames together. Give -Merge too.");
        Require(options.VoxelSize is null or > 0 and < double.PositiveInfinity, "VoxelSizeOutOfRange", "-VoxelSize is in metres, more than 0.");
        Fields = (options.Normals ? VertexFields.Normal : VertexFields.None) | (isColored ? VertexFields.Color : VertexFields.None);
    }

    /// <summary>What points carry beside their position.</summary>
    public VertexFields Fields { get; }

    /// <summary>Edge of the cells of a merged cloud, m.</summary>
    public double VoxelSize => _options.VoxelSize ?? PointCloudExportOptions.DefaultVoxelSize;

    /// <summary>How much disk so many frames take at most.</summary>
    /// <param name="frames">Frames; null if unknown.</param>
    public ExportSize Size(long? frames)
    {
        long pixels = (long)_options.Depth.Width * _options.Depth.Height;
        // headers hold the camera in words; a line of this length is more than they need
        var encoder = Encoder([new string('-', 120)], 0);
        encoder.Begin(0);
        if (!_options.Merge) return new(frames, encoder.MostBytes(pixels), IsLimit: true);
        double points = Math.Min((double)(frames ?? long.MaxValue) * pixels, VoxelGrid.MostCells);
        return new(1, encoder.MostBytes((long)points), IsLimit: true);
    }

    /// <summary>How to make it less.</summary>
    public string Advice => string.Join(' ',
        _options.Merge ? "A larger -VoxelSize makes it less." : "-Every or -First takes fewer frames, and -Merge makes one cloud of them.",
        _options.Ascii ? "Without -Ascii it is a third." : "").TrimEnd();

    /// <summary>An encoder for one file at a time.</summary>
    /// <param name="comments">Lines for people, ASCII.</param>
    /// <param name="expectedPoints">Points to have room for from the start.</param>
    public PointEncoder Encoder(IReadOnlyList<string> comments, long expectedPoints) => _format.Create(
        new(_options.Ascii ? PlyEncoding.Ascii : PlyEncoding.Binary, Fields) { Comments = comments }, expectedPoints);

    /// <summary>The file of a frame, named by its number in seven digits.</summary>
    public string FilePath(string folder, long frame) =>
        Path.Combine(folder, frame.ToString("D7", CultureInfo.InvariantCulture) + _format.Extension);

    /// <summary>The file of the merged cloud when nobody says otherwise.</summary>
    public string DefaultFile => OutputName.MergedPointCloud(_options.Depth.Path, _format.Extension);

    private static void Require(bool isMet, string errorId, string message)
    {
        if (!isMet) throw new MetricDepthException(errorId, FailureKind.InvalidArgument, message);
    }
}
