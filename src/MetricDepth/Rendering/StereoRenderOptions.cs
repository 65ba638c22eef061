using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>What <c>Invoke-StereoRender</c> is asked to do.</summary>
public sealed record StereoRenderOptions
{
    /// <summary>The depth.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The colour video; null for the one the depth video names (or its name without <c>_depth.mkv</c>).</summary>
    public string? ColorPath { get; init; }

    /// <summary>Where to write; null for <c>depth path_stereo.mkv</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How the two eyes lie in the picture.</summary>
    public StereoLayout Layout { get; init; } = StereoLayout.SideBySide;

    /// <summary>Side of an eye's square in the 180° layouts, px; null for the source's own sharpness in the middle.</summary>
    public int? EyeSize { get; init; }

    /// <summary>Depth that Touchly's layouts show as farthest, m; null for 5.</summary>
    public double? TouchlyMaxDepth { get; init; }

    /// <summary>Depth that Touchly's layouts show as nearest, m; null for 0.</summary>
    public double? TouchlyMinDepth { get; init; }

    /// <summary>Distance between the eyes, mm.</summary>
    public double PupillaryDistance { get; init; } = 63;

    /// <summary>Depth that appears at the screen: metres or chosen for each frame; null for parallel eyes (infinity at the screen).</summary>
    public ConvergenceDistance? ConvergenceDistance { get; init; }

    /// <summary>Horizontal field of view, degrees; null takes the depth video's.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null takes the depth video's.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>A JSON file with the horizontal field of view of each frame, instead of one for all; null for none.</summary>
    public string? FieldOfViewPath { get; init; }

    /// <summary>Write the depth of the picture, in the same layout, as a depth video beside it.</summary>
    public bool DepthOutput { get; init; }

    /// <summary>Write a mask video beside it: white where nothing was seen.</summary>
    public bool InfillMask { get; init; }

    /// <summary>What the picture shows where nothing was seen. The mask is white there all the same.</summary>
    public HoleFill HoleFill { get; init; } = HoleFill.Background;

    /// <summary>
    /// Take for a depth edge what is steeper than 85° to the view ray, as the Python toolbox does, and for not seen what lies
    /// across it. With <see cref="HoleFill.Stretch"/> only the mask shows it.
    /// </summary>
    public bool RemoveEdges { get; init; }

    /// <summary>How the camera moved: a camera path file (DESIGN §3); null for a camera that stood still.</summary>
    public string? CameraPath { get; init; }

    /// <summary>The frame whose camera the viewer keeps, so that the scene stays still; null for frame 0. Needs <see cref="CameraPath"/>.</summary>
    public int? LockFrame { get; init; }

    /// <summary>The viewer goes along with the camera; the path only says how frames lie to each other.</summary>
    public bool FollowCamera { get; init; }

    /// <summary>Mask video, white where the foreground is: collects the background from the rest.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Collects the background from what is further than this, metres.</summary>
    public double? BackgroundDepth { get; init; }

    /// <summary>A background file to fill holes from, and to begin collecting with.</summary>
    public string? BackgroundPath { get; init; }

    /// <summary>Collects the background and keeps it as a file beside the result.</summary>
    public bool SaveBackground { get; init; }

    /// <summary>
    /// Depth whose confidence is less than this, 0..1, counts as not known; null takes all depth. Needs a depth video with confidence.
    /// </summary>
    public double? MinConfidence { get; init; }

    /// <summary>How pixels are stored.</summary>
    public VideoCodec Codec { get; init; } = VideoCodec.Lossless;

    /// <summary>Prefer an encoder in hardware; not for <see cref="VideoCodec.Lossless"/>.</summary>
    public bool PrefersHardware { get; init; }

    /// <summary>Constant rate factor on x264's scale, 0 (best) to 51; null for 16. Not for <see cref="VideoCodec.Lossless"/>.</summary>
    public double? RateFactor { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}
