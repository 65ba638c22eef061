using MetricDepth.Export.Frames;
using MetricDepth.Export.Ply;

namespace MetricDepth.Export.PointClouds;

/// <summary>One frame on its way into a merged cloud.</summary>
/// <param name="pass">The pass it belongs to.</param>
/// <param name="fields">What its points carry beside their position.</param>
internal sealed class MergedFrame(FrameExportPass pass, VertexFields fields) : ExportFrame(pass)
{
    /// <summary>Its points, in the axes of the cloud.</summary>
    public PointBuffer Points { get; } = new(pass.Camera.Width * pass.Camera.Height, fields);

    /// <summary>Finds the points.</summary>
    /// <param name="projector">The worker's.</param>
    /// <param name="cancellation">Stops in the middle.</param>
    public void Project(PointProjector projector, CancellationToken cancellation)
    {
        projector.Begin(this);
        Points.Count = 0;
        for (int y = 0; y < Camera.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            projector.AddRow(this, y, Points);
        }
    }
}
