namespace MetricDepth.Tracking;

/// <summary>How points are tracked.</summary>
internal sealed record PointTrackerSettings
{
    /// <summary>Points in a frame, at most. A grid has as many as it has nodes instead.</summary>
    public int Points { get; init; } = 600;

    /// <summary>Step of a regular grid of points, px; null: points start at corners.</summary>
    public int? Grid { get; init; }

    /// <summary>New points are looked for every so many frames; null: at keyframes, that is when the picture has moved or points have died.</summary>
    public int? Every { get; init; }

    /// <summary>Side of the grid cells that share out the corners, as a share of the picture's diagonal; never under 12 px.</summary>
    public double Cell { get; init; } = 0.025;

    /// <summary>Pyramid levels.</summary>
    public int Levels { get; init; } = 5;

    /// <summary>Median motion of points since the last keyframe that makes a new one, as a share of the picture's diagonal.</summary>
    public double KeyframeMotion { get; init; } = 0.02;

    /// <summary>A keyframe is due when fewer than this share of the last one's points is left.</summary>
    public double KeyframeSurvivors { get; init; } = 0.75;

    /// <summary>A frame in which fewer than this share of the points is found again counts as lost.</summary>
    public double LostShare { get; init; } = 0.25;

    /// <summary>A frame with fewer points than this counts as lost; the default is what a camera's pose needs.</summary>
    public int MinPoints { get; init; } = PointTracker.MinPoints;

    /// <summary>
    /// Frames for which a point that went out of sight is looked for; 0: never, which suits solvers that know a place again by themselves.
    /// </summary>
    public int Memory { get; init; }

    /// <summary>
    /// Lost frames in a row after which points start anew (the clip was cut); null: never, somebody else watches
    /// <see cref="PointTracker.LostInARow"/>.
    /// </summary>
    public int? RestartAfter { get; init; }
}
