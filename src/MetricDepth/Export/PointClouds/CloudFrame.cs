using MetricDepth.Export.Frames;

namespace MetricDepth.Export.PointClouds;

/// <summary>One frame on its way to a file of its own.</summary>
/// <param name="pass">The pass it belongs to.</param>
/// <param name="plan">How its file looks.</param>
internal sealed class CloudFrame(FrameExportPass pass, PointCloudPlan plan) : ExportFrame(pass)
{
    private readonly double _frameRate = pass.Options.Depth.FrameRate.Value;
    private readonly PointEncoder _encoder = plan.Encoder([pass.CameraDescription], (long)pass.Camera.Width * pass.Camera.Height);
    private long _count;

    /// <summary>Makes the file's records.</summary>
    /// <param name="projector">The worker's.</param>
    /// <param name="row">The worker's scratch, of a row.</param>
    /// <param name="cancellation">Stops in the middle.</param>
    public void Encode(PointProjector projector, PointBuffer row, CancellationToken cancellation)
    {
        projector.Begin(this);
        _encoder.Begin(Number / _frameRate);
        _count = 0;
        for (int y = 0; y < Camera.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            row.Count = 0;
            projector.AddRow(this, y, row);
            _encoder.Append(row);
            _count += row.Count;
        }
    }

    /// <summary>Writes the file.</summary>
    public void Write(Stream stream, CancellationToken cancellation)
    {
        stream.Write(_encoder.Header(_count));
        _encoder.Bytes.CopyTo(stream, cancellation);
    }
}
