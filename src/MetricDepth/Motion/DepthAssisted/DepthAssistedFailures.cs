using System.Globalization;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>Why a camera path cannot be solved with depth, each in one place with its stable id.</summary>
internal static class DepthAssistedFailures
{
    public static MetricDepthException InsufficientDepth(int most) => new("InsufficientDepth", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"No frame has enough tracked points with a depth (the most is {most}). ")
        + "Check that the depth belongs to this clip, track more points with -MaxPoints, or leave the depth out to solve from the pictures alone.");

    public static MetricDepthException TrackingLost(long frame, double frameRate) => new("TrackingLost", FailureKind.InsufficientInformation,
        string.Create(CultureInfo.InvariantCulture, $"From frame {frame} ({frame / frameRate:0.00} s) on, nothing is seen that was seen before: a cut, a long blur, or most of the picture moves. ")
        + "Split the clip there and solve the parts, or leave out what moves with -MaskPath.")
    {
        Frame = frame,
    };
}
