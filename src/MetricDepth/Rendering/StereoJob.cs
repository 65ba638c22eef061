using MetricDepth.Depth;

namespace MetricDepth.Rendering;

/// <summary>The buffers of one stereo frame in flight.</summary>
internal sealed class StereoJob(DepthVideo depth, StereoGeometry geometry, StereoArrangement arrangement)
{
    private readonly StereoFrameRenderer _renderer = new(depth, geometry, arrangement);

    /// <summary>The depth frame, BGR0 codes.</summary>
    public uint[] Depth { get; } = new uint[depth.Width * depth.Height];

    /// <summary>The colour frame, BGR0.</summary>
    public uint[] Color { get; } = new uint[geometry.Camera.Width * geometry.Camera.Height];

    /// <summary>The stereo picture, BGR0.</summary>
    public uint[] Picture { get; } = new uint[arrangement.Width * arrangement.Height];

    /// <summary>255 where nothing was seen, in the picture's layout.</summary>
    public byte[] Mask { get; } = new byte[arrangement.Width * arrangement.Height];

    /// <summary>Pixels that were not seen, both eyes together at full size.</summary>
    public long Holes { get; private set; }

    /// <summary>Renders the frame.</summary>
    public void Render() => Holes = _renderer.Render(Depth, Color, Picture, Mask);
}
