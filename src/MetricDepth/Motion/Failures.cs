using System.Globalization;

namespace MetricDepth.Motion;

/// <summary>What can be wrong with a clip, each in one place with its stable id.</summary>
internal static class Failures
{
    public static MetricDepthException InsufficientParallax(string evidence) => new("InsufficientParallax", FailureKind.InsufficientInformation,
        $"The camera does not move sideways enough for depth from motion ({evidence}). "
        + "Give a depth model with -ModelPath, use a clip in which the camera itself moves, or bring a sensor's depth with Import-DepthVideo.");

    public static MetricDepthException InsufficientTexture(string evidence) => new("InsufficientTexture", FailureKind.InsufficientInformation,
        $"There is too little to follow in this clip ({evidence}). "
        + "Give a depth model with -ModelPath, or a clip that is sharp, lit and shows detail.");

    public static MetricDepthException ClipTooShort(long frames) => new("ClipTooShort", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"Depth from motion needs several frames, and there {(frames == 1 ? "is 1" : $"are {frames}")}. ")
        + "Give a longer clip (or a larger -MaxFrames), or a depth model with -ModelPath.");

    public static MetricDepthException TrackingLost(long frame, double frameRate) => new("TrackingLost", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"The picture can no longer be followed from frame {frame} ({frame / frameRate:0.00} s) on: a cut, a long blur, or most of it moves. ")
        + "Split the clip there and convert the parts, or stop before it with -MaxFrames; a depth model given as -ModelPath takes cuts in its stride.")
    {
        Frame = frame,
    };

    public static MetricDepthException CameraPathTooShort(int poses, long frame) => new("CameraPathTooShort", FailureKind.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The camera path has {poses} poses, but the clip goes on to frame {frame}. ")
        + "Give a path with one pose a frame, or stop earlier with -MaxFrames.");
}
