namespace MetricDepth.Geometry;

/// <summary>How a frame of a camera path came to its pose.</summary>
public enum PoseState
{
    /// <summary>Solved from what the frame itself sees.</summary>
    Solved,
    /// <summary>The frame sees too little (blur, black, a covered lens): its pose lies between those of its neighbours.</summary>
    Bridged,
    /// <summary>Before the first or after the last frame that could be solved: the nearest solved pose is repeated.</summary>
    Held,
}

/// <summary>How far one pose of a camera path can be trusted.</summary>
/// <param name="Frame">0-based frame number.</param>
/// <param name="State">How it came to its pose.</param>
/// <param name="IsKeyframe">Whether it was adjusted together with the points it sees.</param>
/// <param name="Points">Tracked points of known place that the frame sees.</param>
/// <param name="Inliers">Those that agree with the pose.</param>
/// <param name="MedianError">Median reprojection error of all of them, px at the clip's size; NaN where there are none.</param>
/// <param name="PositionDeviation">Standard deviation of the camera's centre from the normal equations, in the unit of the path; NaN where not solved.</param>
/// <param name="RotationDeviation">Standard deviation of the rotation, degrees; NaN where not solved.</param>
public readonly record struct PoseQuality(
    long Frame, PoseState State, bool IsKeyframe, int Points, int Inliers, double MedianError, double PositionDeviation, double RotationDeviation);
