using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Refuses options that contradict each other or themselves, before anything is read.</summary>
internal static class ViewOptionsCheck
{
    private const int LargestSupersampling = 4;

    // Further away single precision no longer tells neighbouring pixels apart.
    private const int FarthestMetres = 100_000;

    /// <summary>Throws on the first thing that cannot be used.</summary>
    /// <exception cref="MetricDepthException">Something cannot be used.</exception>
    public static void ThrowIfUnusable(ViewRenderOptions options)
    {
        Viewpoint(options);
        Motion(options);
        Picture(options);
        Frames(options);
    }

    private static void Viewpoint(ViewRenderOptions options)
    {
        Require(IsUsable(options.Position) && IsUsable(options.Target), "ViewpointOutOfRange",
            $"-Position and -Target must be numbers within {FarthestMetres} m. Give metres right (x), down (y) and ahead (z) of the camera.");
        Require(options.ViewPath is null || (options.Position, options.Target, options.Motion) is (null, null, null), "ViewpointAmbiguous",
            "-ViewPath says where the camera is at every frame. Leave out -Position, -Target and -Motion, or -ViewPath.");
        Require(options is not { ViewPath: null, Motion: null, Position: null, Target: null, CameraPath: null, ShowCamera: false, ViewFov: null, Width: null, Height: null },
            "ViewpointMissing",
            "Nothing says where to look from. Give -Position and -Target (metres right, down, ahead), -Motion Orbit, -ViewPath, or -CameraPath to hold the camera still.");
        Require(options.LockFrame is null || options.CameraPath is not null, "CameraPathMissing",
            "-LockFrame names a frame of a camera path. Give -CameraPath too.");
        Require(options.ViewFov is not { } fov || fov is > 0 and < 180, "FieldOfViewOutOfRange",
            "-ViewFov must be between 0 and 180 degrees. Leave it out for that of the clip.");
    }

    private static void Motion(ViewRenderOptions options)
    {
        Require(options.Motion is not null || (options.Amplitude, options.Period) is (null, null), "MotionMissing",
            $"-Amplitude and -Period belong to a motion. Give -Motion {string.Join(", ", Enum.GetNames<ViewMotion>())}.");
        Require(IsPositive(options.Amplitude), "AmplitudeOutOfRange",
            "-Amplitude must be above 0: degrees for an orbit, metres otherwise. Leave it out for what suits the scene.");
        Require(IsPositive(options.Period), "PeriodOutOfRange",
            "-Period must be above 0 seconds. Leave it out for 6.");
    }

    private static void Picture(ViewRenderOptions options)
    {
        Require(IsSide(options.Width) && IsSide(options.Height), "SizeOutOfRange", $"-Width and -Height must be 1..{Plane<byte>.MaxSide} px.");
        Require(options.Supersampling is >= 1 and <= LargestSupersampling, "SupersamplingOutOfRange",
            $"-Supersampling must be 1..{LargestSupersampling} samples a pixel in each direction.");
        Require(options.HoleFill != HoleFill.Stretch || !options.RemoveEdges, "EdgesAmbiguous",
            "-HoleFill Stretch keeps the surface whole, and -RemoveEdges takes it apart. Leave one of them out.");
        EncodingCheck.ThrowIfUnusable(options.Codec, options.RateFactor, options.PrefersHardware);
        Require(!options.IsStills || options.Codec == VideoCodec.Lossless, "CodecNeedsVideo",
            "PNG images are lossless. Leave -Codec and -Compressed out, or give -As Video.");
        Require(!options.IsStills || !options.DepthOutput, "DepthOutputNeedsVideo",
            "-DepthOutput writes a depth video, and still images have none. Leave it out, or give -As Video.");
    }

    private static void Frames(ViewRenderOptions options)
    {
        Require(options.MaxFrames is null or >= 1, "MaxFramesOutOfRange", "-MaxFrames must be 1 or more.");
        Require(options.Frames is null || (options.Frames.Count > 0 && options.Frames.All(f => f >= 0)), "FrameOutOfRange",
            "-Frame takes numbers from 0. Give the frames to render.");
        Require(options.IsStills || options.Frames is null or { Count: 1 }, "SeveralFramesNoVideo",
            "A video of single frames is made of one frame only. Give -As Png, or one frame.");
        Require(options.Duration is null || (options.Frames is not null && !options.IsStills), "DurationNeedsFrame",
            "-Duration is the length of a video that is made of one frame. Give -Frame and -Motion too, or leave it out.");
        Require(IsPositive(options.Duration), "DurationOutOfRange", "-Duration must be above 0 seconds. Leave it out for one loop of the motion.");
    }

    private static bool IsUsable(Vector3? point) =>
        point is not { } p || (Math.Abs(p.X) <= FarthestMetres && Math.Abs(p.Y) <= FarthestMetres && Math.Abs(p.Z) <= FarthestMetres);

    private static bool IsPositive(double? value) => value is null || (value > 0 && double.IsFinite(value.Value));

    private static bool IsSide(int? size) => size is null or (>= 1 and <= Plane<byte>.MaxSide);

    private static void Require(bool fine, string errorId, string message)
    {
        if (!fine) throw new MetricDepthException(errorId, FailureKind.InvalidArgument, message);
    }
}
