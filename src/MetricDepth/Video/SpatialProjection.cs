namespace MetricDepth.Video;

/// <summary>What a stored picture shows, as containers and players know it.</summary>
public enum SpatialProjection
{
    /// <summary>An ordinary flat picture.</summary>
    Flat,
    /// <summary>The half sphere in front of the viewer, 180° by 180° for each eye, equirectangular.</summary>
    Equirectangular180,
}
