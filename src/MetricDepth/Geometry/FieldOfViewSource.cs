namespace MetricDepth.Geometry;

/// <summary>Where a field of view comes from.</summary>
public enum FieldOfViewSource
{
    /// <summary>Nobody knows it.</summary>
    None,
    /// <summary>Told by the user.</summary>
    Given,
    /// <summary>Stored with the depth video.</summary>
    DepthVideo,
    /// <summary>From what the container says of the lens.</summary>
    LensTags,
    /// <summary>Measured from how the picture moves.</summary>
    Motion,
    /// <summary>Read off the pictures by the depth model.</summary>
    Model,
    /// <summary>Assumed: an ordinary camera's.</summary>
    Assumed,
}
