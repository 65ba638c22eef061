using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>
/// What <c>Invoke-DepthRender</c> is asked to do. The reference axes of positions are those of the camera that took the frame; with
/// a <see cref="CameraPath"/>, those of the camera that took frame <see cref="LockFrame"/>.
/// </summary>
public sealed record ViewRenderOptions
{
    /// <summary>The depth.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The colour video; null for the one the depth video names (or its name without <c>_depth.mkv</c>).</summary>
    public string? ColorPath { get; init; }

    /// <summary>Where to write; null for <c>depth path_render.mkv</c>, or <c>depth path_render_0000100.png</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Where the virtual camera is, m: right, down, forward. Null for where the camera was.</summary>
    public Vector3? Position { get; init; }

    /// <summary>What it looks at, m; null for the point straight ahead at the median depth of the first frame.</summary>
    public Vector3? Target { get; init; }

    /// <summary>How it moves about <see cref="Position"/>; null for not at all.</summary>
    public ViewMotion? Motion { get; init; }

    /// <summary>How far: degrees for an orbit, metres otherwise; null for what suits the distance to the target.</summary>
    public double? Amplitude { get; init; }

    /// <summary>How long a loop of the motion takes, s; null for <see cref="DefaultPeriod"/>.</summary>
    public double? Period { get; init; }

    /// <summary>The default <see cref="Period"/>, s.</summary>
    public const double DefaultPeriod = 6;

    /// <summary>The virtual camera's own path: one 4×4 matrix a frame, to the reference axes; null for none.</summary>
    public string? ViewPath { get; init; }

    /// <summary>The path of the camera that took the clip: the scene then keeps still; null leaves it moving.</summary>
    public string? CameraPath { get; init; }

    /// <summary>The frame whose camera the reference axes are; null for 0. Needs <see cref="CameraPath"/>.</summary>
    public int? LockFrame { get; init; }

    /// <summary>Horizontal field of view of the camera that took the clip, degrees; null takes the depth video's.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view of the camera that took the clip, degrees; null takes the depth video's.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>
    /// Horizontal field of view of the virtual camera, degrees. Null for that of the clip's camera, as much of it as the picture's
    /// shape shows; a motion narrows it until the border of what the camera saw stays out of sight.
    /// </summary>
    public double? ViewFov { get; init; }

    /// <summary>Width of the picture, px; null follows from <see cref="Height"/>, or is that of the colour.</summary>
    public int? Width { get; init; }

    /// <summary>Height of the picture, px; null follows from <see cref="Width"/>, or is that of the colour.</summary>
    public int? Height { get; init; }

    /// <summary>Samples a pixel in each direction, 1..4: their mean is the pixel.</summary>
    public int Supersampling { get; init; } = 1;

    /// <summary>What shows where nothing was seen and nothing is filled in.</summary>
    public RgbColor BackgroundColor { get; init; }

    /// <summary>Draw the camera that took the clip, as a wire pyramid.</summary>
    public bool ShowCamera { get; init; }

    /// <summary>What the picture shows where foreground hid what is behind it.</summary>
    public HoleFill HoleFill { get; init; } = HoleFill.Background;

    /// <summary>Take for a depth edge what is steeper than 85° to the view ray, as the Python toolbox does.</summary>
    public bool RemoveEdges { get; init; }

    /// <summary>Render these frames only, counted from 0; null for all.</summary>
    public IReadOnlyList<long>? Frames { get; init; }

    /// <summary>Video or still images; null for still images where <see cref="Frames"/> are given but nothing moves, else for video.</summary>
    public ViewOutput? As { get; init; }

    /// <summary>Whether still images come out.</summary>
    public bool IsStills => As is { } chosen ? chosen == ViewOutput.Png : Frames is not null && Motion is null && ViewPath is null;

    /// <summary>How long the video of a single frame is, s; null for one loop of the motion, or the length of the path.</summary>
    public double? Duration { get; init; }

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

    /// <summary>Write the depth of the new view beside it, as a depth video.</summary>
    public bool DepthOutput { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}
