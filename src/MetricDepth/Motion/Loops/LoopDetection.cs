using MetricDepth.Geometry;

namespace MetricDepth.Motion.Loops;

/// <summary>Places that the camera came back to.</summary>
/// <param name="Matches">Keyframes recognised in earlier ones.</param>
/// <param name="Closed">Those of them that no chain of tracks connects: the path between may have drifted.</param>
/// <param name="Count">Returns: runs of such keyframes.</param>
internal sealed record FoundLoops(IReadOnlyList<PlaceMatch> Matches, IReadOnlyList<PlaceMatch> Closed, int Count);

/// <summary>
/// Looks for places seen before: keyframes that look alike, that the path's drift would let overlap, and that pass verification. A place
/// counts only when a neighbouring keyframe finds it too and both agree: a false closure is worse than none.
/// </summary>
internal sealed class LoopDetection(GlobalMap map, KeyframePlace[] places)
{
    private const int Candidates = 4, Considered = 40, Sampled = 48;
    private const double SharedAtMost = 0.25, MinOverlap = 0.3;
    private const int Connected = 8;
    private const int SupportReach = 3, ReferenceReach = 6, RunGap = 8;
    private const double AgreeingTurn = 0.035, AgreeingMove = 0.05;
    private const double NearShare = 0.4;

    private readonly double _typicalDepth = TypicalDepth(map);

    /// <summary>Looks.</summary>
    public FoundLoops Run(CancellationToken cancellation)
    {
        var index = new PlaceIndex(places);
        var verification = new PlaceVerification(map, places);
        var lengths = new double[places.Length];
        for (int k = 1; k < lengths.Length; k++)
            lengths[k] = lengths[k - 1] + (map.Keyframes[k].Pose.Translation - map.Keyframes[k - 1].Pose.Translation).Length;
        var found = new List<PlaceMatch>[places.Length];
        var shared = new int[places.Length][];
        Parallel.For(0, places.Length, new ParallelOptions { CancellationToken = cancellation }, to =>
        {
            shared[to] = [];
            found[to] = [];
            var votes = new float[places.Length];
            var common = new int[places.Length];
            CountShared(to, common);
            index.Vote(to, votes);
            foreach (int from in Choose(to, votes, common, lengths))
            {
                cancellation.ThrowIfCancellationRequested();
                if (verification.Run(from, to) is not { } match) continue;
                if (Allowance(from, to, lengths).Allows(Predicted(from, to), match.Relative, common[from] >= Connected ? NearShare : 1)) found[to].Add(match);
            }
            shared[to] = [.. found[to].Select(m => common[m.From])];
        });
        return Judge(found, shared);
    }

    private static double TypicalDepth(GlobalMap map)
    {
        var rhos = map.Landmarks.Where(l => l.IsReliable && l.Rho > 0).Select(l => l.Rho).Order().ToArray();
        return rhos.Length > 0 ? 1 / rhos[rhos.Length / 2] : 1;
    }

    private DriftAllowance Allowance(int from, int to, double[] lengths) =>
        DriftAllowance.Between(map.Depth, to - from, lengths[to] - lengths[from], _typicalDepth);

    private Similarity Predicted(int from, int to) => Similarity.Of(map.Keyframes[from].Pose.Inverse * map.Keyframes[to].Pose);

    private void CountShared(int keyframe, int[] common)
    {
        foreach (int l in places[keyframe].Landmarks)
        {
            if (l < 0) continue;
            foreach (var s in map.Landmarks[l].Sightings) common[s.Keyframe]++;
        }
    }

    private List<int> Choose(int to, float[] votes, int[] common, double[] lengths)
    {
        var ranked = Enumerable.Range(0, to)
            .Where(k => votes[k] > 0 && common[k] <= SharedAtMost * Math.Min(places[k].Landmarks.Length, places[to].Landmarks.Length))
            .OrderByDescending(k => votes[k] / Math.Sqrt(places[k].Landmarks.Length + 1)).ThenBy(k => k).Take(Considered);
        var chosen = new List<int>();
        foreach (int k in ranked)
        {
            if (chosen.Exists(c => Math.Abs(c - k) <= 1) || Overlap(k, to, Allowance(k, to, lengths)) < MinOverlap) continue;
            chosen.Add(k);
            if (chosen.Count == Candidates) break;
        }
        return chosen;
    }

    // the share of the earlier keyframe's points that the later might see, drift allowed for
    private double Overlap(int from, int to, DriftAllowance allowance)
    {
        var seen = places[from].Landmarks;
        int step = Math.Max(1, seen.Length / Sampled), count = 0, inside = 0;
        var pose = map.Keyframes[to].Pose;
        for (int i = 0; i < seen.Length; i += step)
        {
            if (seen[i] < 0) continue;
            count++;
            var l = map.Landmarks[seen[i]];
            var y = map.Direction(l, pose);
            double inverse = Math.Max(l.Rho, 0) / Math.Max(y.Z, 1e-6);
            // the point may be nearer by as much as the path may be off
            double margin = map.Camera.Fx * (Math.Tan(allowance.Turn) + allowance.Move * inverse), beside = y.Z + allowance.Move * Math.Max(l.Rho, 0);
            if (beside <= 0) continue;
            if (!map.Camera.Project(y, out double u, out double v))
            {
                inside++;
                continue;
            }
            if (u > -margin && v > -margin && u < map.Width + margin && v < map.Height + margin) inside++;
        }
        return count == 0 ? 0 : (double)inside / count;
    }

    private FoundLoops Judge(List<PlaceMatch>[] found, int[][] shared)
    {
        var loose = new List<PlaceMatch>();
        var matches = new List<PlaceMatch>();
        for (int to = 0; to < found.Length; to++)
            for (int i = 0; i < found[to].Count; i++)
            {
                // where tracks connect the two, the path between cannot be far wrong, and this one has been found to fit it
                if (shared[to][i] >= Connected) matches.Add(found[to][i]);
                else loose.Add(found[to][i]);
            }
        var closed = loose.FindAll(m => loose.Exists(o => Supports(o, m)));
        matches.AddRange(closed);
        int count = 0, last = int.MinValue / 2;
        foreach (int to in closed.Select(m => m.To).Distinct().Order())
        {
            if (to - last > RunGap) count++;
            last = to;
        }
        return new(matches, closed, count);
    }

    // another keyframe close by finds the same place, and by way of the path between both come to the same pose
    private bool Supports(PlaceMatch other, PlaceMatch match)
    {
        if (other.To == match.To || Math.Abs(other.To - match.To) > SupportReach || Math.Abs(other.From - match.From) > ReferenceReach) return false;
        var byWay = Predicted(match.From, other.From) * other.Relative * Predicted(other.To, match.To);
        double turn = (byWay.Rotation.Transposed * match.Relative.Rotation).Angle;
        return turn < AgreeingTurn && (byWay.Translation - match.Relative.Translation).Length < AgreeingMove * _typicalDepth
            && Math.Abs(Math.Log(byWay.Scale / match.Relative.Scale)) < 0.15;
    }
}
