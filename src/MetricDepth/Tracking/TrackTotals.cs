namespace MetricDepth.Tracking;

/// <summary>How much a tracking file holds.</summary>
/// <param name="Tracks">Different points.</param>
/// <param name="Sightings">Points of all frames together.</param>
/// <param name="EmptyFrames">Frames without points.</param>
/// <param name="LeftOut">Sightings that cannot be used.</param>
internal readonly record struct TrackTotals(long Tracks, long Sightings, int EmptyFrames, long LeftOut);

/// <summary>Counts while frames go by.</summary>
internal sealed class TrackTotalling
{
    private readonly TrackIdSet _ids = new();
    private long _sightings;
    private int _empty;

    public TrackTotals Totals => new(_ids.Count, _sightings, _empty, 0);

    public void Add(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids) _ids.Add(id);
        _sightings += ids.Length;
        if (ids.IsEmpty) _empty++;
    }
}
