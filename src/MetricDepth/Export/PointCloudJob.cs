using MetricDepth.Export.Frames;
using MetricDepth.Rendering;

namespace MetricDepth.Export;

/// <summary>One frame on its way to a point cloud.</summary>
internal sealed class PointCloudJob : ExportFrame
{
    private readonly DepthMesh _mesh;

    public PointCloudJob(FrameExportPass pass)
        : base(pass)
    {
        _mesh = new(pass.Camera);
        Cloud = new(pass.Camera.Width * pass.Camera.Height, pass.Color is not null) { Comment = pass.CameraDescription };
    }

    /// <summary>The points.</summary>
    public PlyCloud Cloud { get; }

    /// <summary>Fills the cloud from the frame.</summary>
    public void Project()
    {
        Cloud.Clear();
        for (int y = 0, i = 0; y < Camera.Height; y++)
            for (int x = 0; x < Camera.Width; x++, i++)
            {
                if (Depth[i] <= 0) continue;
                var point = Pose * _mesh.Point(x, y, Depth[i]);
                Cloud.Add((float)point.X, (float)point.Y, (float)point.Z, Color.Length > 0 ? Color[i] : 0);
            }
    }
}
