using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export.Frames;

/// <summary>One frame in flight: what was read, then its depth in metres with everything left out that the options leave out.</summary>
/// <param name="pass">The pass it belongs to.</param>
internal class ExportFrame(FrameExportPass pass)
{
    private readonly DepthMesh? _mesh = pass.Options.RemoveEdges ? new(pass.Camera) : null;
    private readonly bool[] _kept = new bool[pass.Options.RemoveEdges ? pass.Options.Depth.Width * pass.Options.Depth.Height : 0];

    /// <summary>The camera that took it, px of the depth video.</summary>
    public Intrinsics Camera => pass.Camera;

    /// <summary>The frame's number in the video, from 0.</summary>
    public long Number { get; set; }

    /// <summary>The frame's camera to the axes of the export: those of frame <c>LockFrame</c>, or the frame's own without a camera path.</summary>
    public Pose Pose { get; set; } = Pose.Identity;

    /// <summary>Depth codes as read, BGR0; H×W, row-major.</summary>
    public uint[] Codes { get; } = new uint[pass.Options.Depth.Width * pass.Options.Depth.Height];

    /// <summary>Depth, m, 0 = none or left out; H×W, row-major.</summary>
    public float[] Depth { get; } = new float[pass.Options.Depth.Width * pass.Options.Depth.Height];

    /// <summary>Colour, BGR0, at the pass's <see cref="FrameExportPass.ColorSize"/>; empty without a colour video.</summary>
    public uint[] Color { get; } = new uint[pass.ColorSize.Width * pass.ColorSize.Height];

    /// <summary>The mask, grey, at the size of the depth; empty without one.</summary>
    public byte[] Mask { get; } = new byte[pass.Options.MaskPath is null ? 0 : pass.Options.Depth.Width * pass.Options.Depth.Height];

    /// <summary>Whether a pixel is on surface that faces the camera; empty without <c>RemoveEdges</c>.</summary>
    public ReadOnlySpan<bool> IsSurface => _kept;

    /// <summary>Codes to metres, then confidence, mask, depth limits and edges.</summary>
    internal void Prepare()
    {
        DepthCodec.Decode(Codes, Depth, pass.Options.Depth.MaxDepth);
        // edges are edges whatever is left out beside them, so they are looked for first
        if (_mesh is not null)
        {
            _mesh.MarkSurface(Depth, _kept);
            for (int i = 0; i < Depth.Length; i++)
                if (!_kept[i]) Depth[i] = 0;
        }
        if (Mask.Length > 0)
            for (int i = 0; i < Depth.Length; i++)
                if (Mask[i] >= MaskVideo.Foreground != pass.Options.InvertMask) Depth[i] = 0;
        if (pass.Options is not { MinDepth: null, MaxDepth: null })
        {
            float least = (float)(pass.Options.MinDepth ?? 0), most = (float)(pass.Options.MaxDepth ?? double.PositiveInfinity);
            for (int i = 0; i < Depth.Length; i++)
                if (Depth[i] < least || Depth[i] > most) Depth[i] = 0;
        }
    }
}
