namespace MetricDepth.Motion.Adjustment;

/// <summary>How a pose may move in an adjustment.</summary>
internal enum PoseFreedom
{
    /// <summary>It turns and moves.</summary>
    Free,
    /// <summary>It is held.</summary>
    Fixed,
    /// <summary>It only turns.</summary>
    RotationOnly,
    /// <summary>It turns, and moves at right angles to the z axis of the world (the optical axis of the first camera).</summary>
    InPlane,
}
