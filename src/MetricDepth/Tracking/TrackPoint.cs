namespace MetricDepth.Tracking;

/// <summary>A tracked point in one frame.</summary>
/// <param name="Id">The track's number, the same in all frames that see the point.</param>
/// <param name="X">Column at the clip's size, px; pixel centres are at integers.</param>
/// <param name="Y">Row at the clip's size, px.</param>
public readonly record struct TrackPoint(int Id, double X, double Y);
