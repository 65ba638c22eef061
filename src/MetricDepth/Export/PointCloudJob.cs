using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Export;

/// <summary>The buffers of one frame on its way to a point cloud.</summary>
internal sealed class PointCloudJob(DepthVideo video, Intrinsics camera, bool colored, bool removeEdges)
{
    private readonly DepthMesh _mesh = new(camera);
    private readonly float[] _depth = new float[camera.Width * camera.Height];
    private readonly bool[] _kept = new bool[removeEdges ? camera.Width * camera.Height : 0];

    /// <summary>The frame's number in the video, from 0.</summary>
    public long Frame { get; set; }

    /// <summary>The depth frame, BGR0 codes.</summary>
    public uint[] Depth { get; } = new uint[camera.Width * camera.Height];

    /// <summary>The colour frame, BGR0, at the size of the depth frame.</summary>
    public uint[] Color { get; } = new uint[camera.Width * camera.Height];

    /// <summary>The points.</summary>
    public PlyCloud Cloud { get; } = new(camera.Width * camera.Height, colored);

    /// <summary>Fills the cloud from the frames.</summary>
    public void Project()
    {
        DepthCodec.Decode(Depth, _depth, video.MaxDepth);
        if (removeEdges) _mesh.MarkSurface(_depth, _kept);
        Cloud.Clear();
        for (int y = 0, i = 0; y < camera.Height; y++)
            for (int x = 0; x < camera.Width; x++, i++)
            {
                if (_depth[i] <= 0 || (removeEdges && !_kept[i])) continue;
                var point = _mesh.Point(x, y, _depth[i]);
                Cloud.Add((float)point.X, (float)point.Y, (float)point.Z, Color[i]);
            }
    }
}
