namespace MetricDepth.Rendering;

/// <summary>How a virtual camera moves about the place it rests in. Every motion is a loop without a jump, and eased.</summary>
public enum ViewMotion
{
    /// <summary>Round the target: an arc of the amplitude (degrees, seen from the target) to each side and half as much up and down.</summary>
    Orbit,
    /// <summary>Towards the target by the amplitude (metres), and back.</summary>
    Dolly,
    /// <summary>Sideways by the amplitude (metres) to each side, the target kept in the middle.</summary>
    Sway,
}
