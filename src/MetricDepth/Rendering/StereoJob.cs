using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>The buffers of one stereo frame in flight.</summary>
/// <param name="depth">Size of the depth video.</param>
/// <param name="color">Size of the colour video.</param>
/// <param name="arrangement">Size of the picture.</param>
/// <param name="hasMask">Whether anybody wants the mask.</param>
internal sealed class StereoJob(DepthVideo depth, VideoClip color, StereoArrangement arrangement, bool hasMask = true)
{
    /// <summary>The depth frame, BGR0 codes.</summary>
    public uint[] Depth { get; } = new uint[depth.Width * depth.Height];

    /// <summary>The colour frame, BGR0.</summary>
    public uint[] Color { get; } = new uint[color.Width * color.Height];

    /// <summary>Where this frame's eyes are.</summary>
    public StereoGeometry Geometry { get; set; } = null!;

    /// <summary>The stereo picture, BGR0.</summary>
    public uint[] Picture { get; } = new uint[arrangement.Width * arrangement.Height];

    /// <summary>255 where nothing was seen, in the picture's layout; empty where nobody wants it.</summary>
    public byte[] Mask { get; } = new byte[hasMask ? arrangement.Width * arrangement.Height : 0];

    /// <summary>The depth of the stereo picture, BGR0 codes in its layout; null where nobody wants it.</summary>
    public uint[]? Codes { get; init; }

    /// <summary>Pixels that were not seen, all eyes together at full size.</summary>
    public long Holes { get; set; }
}
