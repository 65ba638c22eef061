namespace MetricDepth.Tracking;

/// <summary>
/// Point tracks on disk: JSON, an array per frame of <c>[id, x, y]</c>, positions in pixels of the clip. Only where each frame begins is kept in
/// memory; points are read when they are asked for.
/// </summary>
public sealed class PointTracks
{
    /// <summary>The most frames in a file: four days of video.</summary>
    internal const int MaxFrames = 10_000_000;

    private readonly IReadOnlyList<long> _starts;

    internal PointTracks(string path, string? colorPath, IReadOnlyList<long> starts, TrackTotals totals)
    {
        Path = path;
        ColorPath = colorPath;
        _starts = starts;
        (Count, SightingCount, EmptyFrameCount, LeftOutCount) = totals;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The file's name without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The video the points were tracked in; null if unknown.</summary>
    public string? ColorPath { get; }

    /// <summary>Frames, with points or without.</summary>
    public int FrameCount => _starts.Count;

    /// <summary>Tracks: different points that were followed.</summary>
    public long Count { get; }

    /// <summary>Sightings: the points of all frames together.</summary>
    public long SightingCount { get; }

    /// <summary>The mean number of points in a frame.</summary>
    public double PointsPerFrame => FrameCount == 0 ? 0 : (double)SightingCount / FrameCount;

    /// <summary>Frames without any point: black, blurred, plain.</summary>
    public int EmptyFrameCount { get; }

    /// <summary>Sightings in the file that are no positions (NaN) or contradict each other (one track twice in a frame), and are passed over.</summary>
    public long LeftOutCount { get; }

    /// <summary>The points of one frame, ids ascending; read from the file.</summary>
    /// <remarks>
    /// With an <see cref="int"/> index PowerShell would count negative numbers from <see cref="Count"/>, which is that of tracks.
    /// </remarks>
    /// <param name="frame">0-based frame number; negative numbers count from the end: −1 is the last frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="MetricDepthException">The file has changed or gone.</exception>
    public IReadOnlyList<TrackPoint> this[long frame]
    {
        get
        {
            if (frame < 0) frame += FrameCount;
            ArgumentOutOfRangeException.ThrowIfNegative(frame);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, FrameCount);
            using var scanner = TrackFile.Open(Path, default);
            scanner.JumpTo(frame, _starts[(int)frame]);
            var found = new FrameBuilder().Read(scanner);
            var points = new TrackPoint[found.Ids.Length];
            for (int i = 0; i < points.Length; i++) points[i] = new(found.Ids[i], Exact(found.Points[i].X), Exact(found.Points[i].Y));
            return points;
        }
    }

    /// <summary>Opens a tracking file, ours or the Python toolbox's; it is gone through once, in pieces.</summary>
    /// <param name="path">The file.</param>
    /// <param name="colorPath">The video it belongs to; null to find it by name (<c>clip.mp4_tracking.json</c> belongs to <c>clip.mp4</c>).</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="MetricDepthException">It is missing or is not a tracking file.</exception>
    public static PointTracks Load(string path, string? colorPath = null, CancellationToken cancellation = default)
    {
        string full = System.IO.Path.GetFullPath(path);
        var totals = new TrackTotalling();
        var starts = new List<long>();
        var builder = new FrameBuilder();
        using var scanner = TrackFile.Open(full, cancellation);
        while (scanner.NextFrame())
        {
            if (starts.Count == MaxFrames) throw scanner.Malformed($"it holds more than {MaxFrames} frames");
            starts.Add(scanner.FrameStart);
            totals.Add(builder.ReadIds(scanner));
        }
        starts.TrimExcess();
        if (colorPath is null && OutputName.TrackedVideo(full) is { } named && File.Exists(named)) colorPath = named;
        return new(full, colorPath, starts, totals.Totals with { LeftOut = builder.LeftOut });
    }

    /// <summary>All frames in order, ids ascending; which frames started points is not in the file, so none is a keyframe.</summary>
    internal IEnumerable<TrackedFrame> Read(CancellationToken cancellation)
    {
        using var scanner = TrackFile.Open(Path, cancellation);
        var builder = new FrameBuilder();
        while (scanner.NextFrame()) yield return builder.Read(scanner);
    }

    /// <summary>The file, so that tracks can be given wherever the name of a file is taken.</summary>
    public override string ToString() => Path;

    /// <summary>Three decimals, which is what the file has; single-precision numbers have digits behind them that mean nothing.</summary>
    private static double Exact(float value) => Math.Round(value, 3);
}
