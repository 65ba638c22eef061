namespace MetricDepth.Geometry;

/// <summary>What the unit of a camera path rests on.</summary>
public enum CameraPathScale
{
    /// <summary>Metres, from metric depth.</summary>
    Metric,
    /// <summary>Right up to one factor for the whole path.</summary>
    Relative,
    /// <summary>The camera only turned: there is no distance to have a unit.</summary>
    None,
}
