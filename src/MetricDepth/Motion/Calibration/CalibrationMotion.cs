namespace MetricDepth.Motion.Calibration;

/// <summary>What kind of camera motion a field of view was measured from.</summary>
public enum CalibrationMotion
{
    /// <summary>The camera hardly moved.</summary>
    None,
    /// <summary>It turned on the spot.</summary>
    Turning,
    /// <summary>It moved through the scene.</summary>
    Moving,
    /// <summary>It turned in one part of the clip and moved in another.</summary>
    Both,
}
