using MetricDepth.Export.Frames;

namespace MetricDepth.Export.DepthVideos;

/// <summary>One frame on its way to a file.</summary>
/// <param name="pass">The pass it belongs to.</param>
/// <param name="encoder">Makes its bytes.</param>
internal sealed class DepthVideoJob(FrameExportPass pass, DepthFrameEncoder encoder) : ExportFrame(pass)
{
    /// <summary>Makes its bytes, and holds them.</summary>
    public DepthFrameEncoder Encoder => encoder;
}
