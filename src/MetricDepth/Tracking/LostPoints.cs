using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>
/// Points that went out of sight, and where each should be by now. A point is expected where its companions say: the nearest points
/// that moved as it did when it was last seen, as far as they live; otherwise it is carried along by the picture's dominant motion.
/// </summary>
internal sealed class LostPoints
{
    private const int MaxCompanions = 8, MinCompanions = 3;

    // bounds on what a crowd of lost points may cost in memory and time
    private const int MaxPoints = 1024, MaxPerFrame = 256;

    private readonly List<LostPoint> _points = [];
    private readonly Stack<LostPoint> _free = [];

    /// <summary>The points, those lost longest first.</summary>
    public IReadOnlyList<LostPoint> Points => _points;

    /// <summary>Takes leave of points: rows of <paramref name="live"/> that are not valid.</summary>
    /// <param name="live">The table, positions as in the frame before.</param>
    /// <param name="moved">Where the valid ones are now.</param>
    /// <param name="valid">Which points were followed.</param>
    /// <param name="dominant">The picture's motion.</param>
    /// <param name="frame">The present frame.</param>
    /// <param name="isHopeless">Tells the slots whose points are not worth looking for.</param>
    /// <param name="taken">Receives which rows were taken over.</param>
    public void Take(LivePoints live, ReadOnlySpan<Vector2> moved, ReadOnlySpan<bool> valid, in AffineMotion dominant, long frame, Predicate<int> isHopeless, Span<bool> taken)
    {
        int room = Math.Min(MaxPerFrame, MaxPoints - _points.Count);
        for (int i = 0; i < live.Count; i++)
        {
            taken[i] = !valid[i] && room > 0 && !isHopeless(live.Slots[i]);
            if (!taken[i]) continue;
            room--;
            var point = _free.TryPop(out var old) ? old : new LostPoint();
            (point.Id, point.Slot, point.Since) = (live.Ids[i], live.Slots[i], frame);
            point.LastSeen = live.Positions[i];
            point.Companions = 0;
            FindCompanions(point, live, i, valid);
            point.Expected = dominant.Apply(point.LastSeen);
            Expect(point, live, moved, valid);
            _points.Add(point);
        }
    }

    /// <summary>Brings the expectations forward by one frame.</summary>
    public void Advance(LivePoints live, ReadOnlySpan<Vector2> moved, ReadOnlySpan<bool> valid, in AffineMotion dominant)
    {
        foreach (var point in _points)
        {
            point.Expected = dominant.Apply(point.Expected);
            Expect(point, live, moved, valid);
        }
    }

    /// <summary>Forgets the points for which <paramref name="isOver"/> holds.</summary>
    public void Remove(Predicate<LostPoint> isOver)
    {
        int n = 0;
        for (int i = 0; i < _points.Count; i++)
        {
            var point = _points[i];
            if (isOver(point)) _free.Push(point);
            else _points[n++] = point;
        }
        _points.RemoveRange(n, _points.Count - n);
    }

    private static void FindCompanions(LostPoint point, LivePoints live, int self, ReadOnlySpan<bool> valid)
    {
        var velocity = live.Velocities[self];
        // as much as parallax among neighbours makes; what passes in front differs by more
        float tolerance = 1 + 0.25f * velocity.Length();
        Span<float> distances = stackalloc float[MaxCompanions];
        for (int i = 0; i < live.Count; i++)
        {
            if (!valid[i] || Vector2.DistanceSquared(live.Velocities[i], velocity) > tolerance * tolerance) continue;
            float distance = Vector2.DistanceSquared(live.Positions[i], point.LastSeen);
            int at = point.Companions;
            while (at > 0 && distances[at - 1] > distance) at--;
            if (at == MaxCompanions) continue;
            int last = Math.Min(point.Companions, MaxCompanions - 1);
            for (int j = last; j > at; j--)
            {
                distances[j] = distances[j - 1];
                point.CompanionIds[j] = point.CompanionIds[j - 1];
                point.CompanionPositions[j] = point.CompanionPositions[j - 1];
            }
            distances[at] = distance;
            point.CompanionIds[at] = live.Ids[i];
            point.CompanionPositions[at] = live.Positions[i];
            point.Companions = last + 1;
        }
    }

    // the similarity that takes the companions from where they were to where they are
    private static void Expect(LostPoint point, LivePoints live, ReadOnlySpan<Vector2> moved, ReadOnlySpan<bool> valid)
    {
        Span<Vector2> from = stackalloc Vector2[MaxCompanions], to = stackalloc Vector2[MaxCompanions];
        int n = 0;
        for (int c = 0; c < point.Companions; c++)
            if (live.Ids.BinarySearch(point.CompanionIds[c]) is >= 0 and int i && valid[i]) (from[n], to[n++]) = (point.CompanionPositions[c], moved[i]);
        while (n >= MinCompanions)
        {
            Vector2 a = default, b = default;
            for (int i = 0; i < n; i++) (a, b) = (a + from[i] / n, b + to[i] / n);
            float re = 0, im = 0, size = 1;
            for (int i = 0; i < n; i++)
            {
                Vector2 p = from[i] - a, q = to[i] - b;
                re += Vector2.Dot(p, q);
                im += p.X * q.Y - p.Y * q.X;
                size += p.LengthSquared();
            }
            (re, im) = (re / size, im / size);
            int worst = 0;
            float worstMiss = -1;
            for (int i = 0; i < n; i++)
            {
                float miss = Vector2.Distance(Turn(from[i] - a) + b, to[i]);
                if (miss > worstMiss) (worst, worstMiss) = (i, miss);
            }
            // one that went elsewhere is no companion any more
            if (worstMiss > 3 && n > MinCompanions)
            {
                n--;
                (from[worst], to[worst]) = (from[n], to[n]);
                continue;
            }
            if (worstMiss <= 6) point.Expected = Turn(point.LastSeen - a) + b;
            return;

            Vector2 Turn(Vector2 p) => new(re * p.X - im * p.Y, im * p.X + re * p.Y);
        }
    }

    /// <summary>A point out of sight.</summary>
    internal sealed class LostPoint
    {
        public int Id, Slot, Companions;

        /// <summary>The frame it was missed in first.</summary>
        public long Since;

        /// <summary>Where it was seen last, and where it should be in the present frame, px.</summary>
        public Vector2 LastSeen, Expected;

        /// <summary>Whether it was seen again in the present frame, and where.</summary>
        public bool IsBack;
        public Vector2 FoundAt;

        public readonly int[] CompanionIds = new int[MaxCompanions];
        public readonly Vector2[] CompanionPositions = new Vector2[MaxCompanions];
    }
}
