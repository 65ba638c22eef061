using MetricDepth.Export.Frames;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A format that depth videos are written in: a row of <see cref="DepthVideoFormats"/>.</summary>
internal interface IDepthVideoFormat
{
    /// <summary>The parameters that mean something in this format.</summary>
    DepthVideoParameters Parameters { get; }

    /// <summary>Whether it is a folder with a file for each frame.</summary>
    bool IsFolder => false;

    /// <summary>What is used beside depth.</summary>
    /// <param name="options">What was asked for.</param>
    FrameNeeds Needs(DepthVideoExportOptions options) => FrameNeeds.Depth;

    /// <summary>Where it goes when nobody says otherwise: beside the depth video.</summary>
    /// <param name="depthPath">The depth video.</param>
    string DefaultPath(string depthPath);

    /// <summary>How much disk it takes.</summary>
    /// <param name="options">What was asked for.</param>
    ExportSize Size(DepthVideoExportOptions options);

    /// <summary>Starts writing.</summary>
    /// <param name="facts">What will be written.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="MetricDepthException">The destination cannot be written, or what was asked for is not possible.</exception>
    DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation);
}
