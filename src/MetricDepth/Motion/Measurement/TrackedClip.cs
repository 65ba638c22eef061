using System.Collections.Concurrent;
using System.Numerics;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion.Measurement;

/// <summary>What a clip's files hold for solving its camera path: tracks, the depth under them, a mask over them, and the pictures.</summary>
internal sealed class TrackedClip : PoseProblem, IDisposable
{
    /// <summary>More points in a frame make solving slow, and a path no better; of dense grids an even share of tracks is taken.</summary>
    internal const int MostPoints = 4000;

    // frames read ahead: decoding depth and solving overlap
    private const int ReadAhead = 8;

    private readonly SightingStore _store = new();
    private readonly bool _hasDepth;
    private TrackIdSet? _banned;

    public TrackedClip(ClipSources sources, bool withDepth) => (Sources, _hasDepth) = (sources, withDepth && sources.Depth is not null);

    /// <summary>The files.</summary>
    public ClipSources Sources { get; }

    /// <summary>Sightings outside the picture, in the last whole pass.</summary>
    public long OutsideCount { get; private set; }

    /// <summary>All sightings of the last whole pass, used or not.</summary>
    public long SightingCount { get; private set; }

    /// <summary>Frames that the depth video had, in the last whole pass.</summary>
    public long DepthFrameCount { get; private set; }

    /// <summary>Frames that the mask had, in the last whole pass.</summary>
    public long MaskFrameCount { get; private set; }

    /// <inheritdoc/>
    public override IEnumerable<SightedFrame> Read(CancellationToken cancellation) =>
        _store.IsComplete ? _store.Read(cancellation) : ReadAnew(cancellation);

    /// <inheritdoc/>
    public override IEnumerable<(long Frame, Plane<byte> Picture)> Pictures(IReadOnlyList<long> frames, CancellationToken cancellation)
    {
        if (Sources.Color is not { } color || frames.Count == 0) yield break;
        using var reader = FrameReader.Open(color, new() { Layout = PixelLayout.Gray8, MaxFrames = frames[^1] + 1 }, cancellation);
        var picture = new Plane<byte>(reader.Width, reader.Height);
        int wanted = 0;
        for (long frame = 0; wanted < frames.Count && reader.Read(picture.Bytes); frame++)
        {
            if (frame != frames[wanted]) continue;
            wanted++;
            yield return (frame, picture);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private IEnumerable<SightedFrame> ReadAnew(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<SightedFrame>(ReadAhead);
        var reading = Task.Factory.StartNew(() => Produce(queue, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        bool ended = false;
        try
        {
            _store.Begin();
            foreach (var frame in queue.GetConsumingEnumerable(cancellation))
            {
                _store.Add(frame);
                yield return frame;
            }
            ended = true;
            reading.GetAwaiter().GetResult();
            _store.End();
        }
        finally
        {
            if (!ended)
            {
                stop.Cancel();
                try { reading.Wait(CancellationToken.None); }
                catch (AggregateException) { /* nobody waits for it any more */ }
            }
        }
    }

    private void Produce(BlockingCollection<SightedFrame> queue, CancellationToken cancellation)
    {
        try
        {
            foreach (var frame in Look(cancellation)) queue.Add(frame, cancellation);
        }
        finally
        {
            queue.CompleteAdding();
        }
    }

    private IEnumerable<SightedFrame> Look(CancellationToken cancellation)
    {
        if (Sources.Mask is { } strict && strict.Meaning == MaskMeaning.WholeTrack) _banned ??= EverMasked(cancellation);
        using var depth = _hasDepth ? DepthFrames.Open(Sources, cancellation) : null;
        using var mask = Sources.OpenMask(cancellation);
        long outside = 0, all = 0;
        foreach (var frame in Sources.Frames(cancellation))
        {
            depth?.Next();
            mask?.Next();
            var (ids, points) = Select(frame, mask, ref outside);
            all += frame.Ids.Length;
            var depths = depth is null ? [] : new float[ids.Length];
            if (depth is not null)
                for (int i = 0; i < depths.Length; i++) depths[i] = depth.At(points[i]);
            yield return new(frame.Index, ids, points, depths);
        }
        (OutsideCount, SightingCount, DepthFrameCount, MaskFrameCount) = (outside, all, depth?.FramesRead ?? 0, mask?.FramesRead ?? 0);
    }

    private (int[] Ids, Vector2[] Points) Select(TrackedFrame frame, MaskFrames? mask, ref long outside)
    {
        var ids = new int[frame.Ids.Length];
        var points = new Vector2[ids.Length];
        uint share = frame.Ids.Length <= MostPoints ? uint.MaxValue : (uint)((double)uint.MaxValue * MostPoints / frame.Ids.Length);
        int n = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            var p = frame.Points[i];
            // whole pixels may have been rounded up to the border
            if (!(p.X >= -0.5f && p.Y >= -0.5f && p.X <= Sources.Width && p.Y <= Sources.Height))
            {
                outside++;
                continue;
            }
            if (mask?.IsMasked(p) == true || _banned?.Contains(frame.Ids[i]) == true || Scatter(frame.Ids[i]) > share) continue;
            ids[n] = frame.Ids[i];
            points[n++] = p;
        }
        return (ids[..n], points[..n]);
    }

    /// <summary>Spreads numbers evenly, so that a share of tracks is the same share everywhere, and the same tracks in every frame (Knuth's multiplicative hash).</summary>
    private static uint Scatter(int id) => (uint)id * 2654435769u;

    private TrackIdSet EverMasked(CancellationToken cancellation)
    {
        var masked = new TrackIdSet();
        using var mask = Sources.OpenMask(cancellation)!;
        foreach (var frame in Sources.Frames(cancellation))
        {
            mask.Next();
            for (int i = 0; i < frame.Ids.Length; i++)
                if (mask.IsMasked(frame.Points[i])) masked.Add(frame.Ids[i]);
        }
        return masked;
    }
}
