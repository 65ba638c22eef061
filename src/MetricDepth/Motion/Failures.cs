using System.Globalization;

namespace MetricDepth.Motion;

/// <summary>What can be wrong with a clip, each in one place with its stable id.</summary>
internal static class Failures
{
    private const string DepthModel = "a depth model (ConvertTo-MetricDepth -Model; Get-DepthModel lists them)";

    public static MetricDepthException InsufficientParallax(string evidence) => new("InsufficientParallax", FailureKind.InsufficientInformation,
        $"The camera does not move sideways enough for depth from motion ({evidence}). "
        + $"Use {DepthModel}, a clip in which the camera itself moves, or a sensor's depth (Import-DepthVideo).");

    public static MetricDepthException InsufficientTexture(string evidence) => new("InsufficientTexture", FailureKind.InsufficientInformation,
        $"There is too little to follow in this clip ({evidence}). "
        + $"Use {DepthModel}, or a clip that is sharp, lit and shows detail.");

    public static MetricDepthException ClipTooShort(long frames) => new("ClipTooShort", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"Depth from motion needs several frames, and there {(frames == 1 ? "is 1" : $"are {frames}")}. ")
        + $"Use a longer clip (or a larger -MaxFrames), or {DepthModel}.");

    public static MetricDepthException TrackingLost(long frame, double frameRate) => new("TrackingLost", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"The picture can no longer be followed from frame {frame} ({frame / frameRate:0.00} s) on: a cut, a long blur, or most of it moves. ")
        + "Split the clip there and convert the parts, or stop before it with -MaxFrames; or use " + DepthModel + ".")
    {
        Frame = frame,
    };

    public static MetricDepthException CameraPathTooShort(int poses, long frame) => new("CameraPathTooShort", FailureKind.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The camera path has {poses} poses, but the clip goes on to frame {frame}. ")
        + "Give a path with one pose a frame, or stop earlier with -MaxFrames.");

    public static MetricDepthException PathTooShort(long frames) => new("ClipTooShort", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"A camera path needs two frames, and there {(frames == 1 ? "is 1" : $"are {frames}")}. Give a longer clip, or longer tracks."));

    public static MetricDepthException PathLost(long frame, double frameRate) => new("TrackingLost", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"The camera can no longer be followed from frame {frame} ({frame / frameRate:0.00} s) on: a cut, a long blur, or most of it moves. ")
        + "Split the clip there and measure the parts, stop before it with -MaxFrames, or hide what moves with -MaskPath.")
    {
        Frame = frame,
    };

    public static MetricDepthException NothingToFollow() => new("InsufficientTexture", FailureKind.InsufficientInformation,
        "There is too little to follow in this clip: no frame has enough tracked points. Track more points, or give a clip that is sharp, lit and shows detail; -MaskPath may hide too much.");

    public static MetricDepthException NoCommonMotion(double share) => new("InsufficientParallax", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"Neither a camera that moves nor one that turns explains what is seen ({share:P0} of it agrees with a turn): most of it moves by itself, or the lens zooms. ")
        + "Hide what moves with -MaskPath, or give -DepthVideo.");
}
