using MetricDepth.Geometry;

namespace MetricDepth.Motion.Loops;

/// <summary>Places that the camera came back to.</summary>
/// <param name="Matches">What was recognised, after all tracks to it had been lost.</param>
/// <param name="Count">Returns: runs of such places.</param>
internal sealed record FoundLoops(IReadOnlyList<PlaceMatch> Matches, int Count);

/// <summary>
/// Looks for places seen before: keyframes that look alike, that the path's drift would let overlap, and that pass verification. A place
/// counts only when a neighbouring one finds it too and both agree, or when very many of its points do: a false closure is worse than none.
/// </summary>
internal sealed class LoopDetection(GlobalMap map, KeyframePlace[] places)
{
    private const int Candidates = 4, Considered = 40, Sampled = 48;
    private const double MinOverlap = 0.3;
    private const int Connected = 12;
    private const int Nearest = 2, Apart = 2;
    private const int SupportReach = 3, ReferenceReach = 4, RunGap = 5;
    private const double AgreeingTurn = 0.035, AgreeingMove = 0.05;

    // so many points in their places speak for themselves: a walk that ends just where it began comes there only once
    private const int SureAlone = 72;

    private readonly double _typicalDepth = TypicalDepth(map);

    /// <summary>Looks.</summary>
    public FoundLoops Run(CancellationToken cancellation)
    {
        var index = new PlaceIndex(places);
        var verification = new PlaceVerification(map, places);
        var lengths = new double[map.Keyframes.Count];
        for (int k = 1; k < lengths.Length; k++)
            lengths[k] = lengths[k - 1] + (map.Keyframes[k].Pose.Translation - map.Keyframes[k - 1].Pose.Translation).Length;
        var found = new List<PlaceMatch>[places.Length];
        Parallel.For(0, places.Length, new ParallelOptions { CancellationToken = cancellation }, to =>
        {
            found[to] = [];
            var votes = new float[places.Length];
            index.Vote(to, votes);
            foreach (int from in Choose(to, votes, CountShared(to), lengths))
            {
                cancellation.ThrowIfCancellationRequested();
                if (verification.Run(from, to) is { } match && Allowance(from, to, lengths).Allows(Predicted(from, to), match.Relative)) found[to].Add(match);
            }
        });
        List<PlaceMatch> all = [.. found.SelectMany(f => f)];
        return Judge(all);
    }

    private static double TypicalDepth(GlobalMap map)
    {
        var rhos = map.Landmarks.Where(l => l.IsReliable && l.Rho > 0).Select(l => l.Rho).Order().ToArray();
        return rhos.Length > 0 ? 1 / rhos[rhos.Length / 2] : 1;
    }

    private DriftAllowance Allowance(int from, int to, double[] lengths) =>
        DriftAllowance.Between(map.Depth, places[to].Keyframe - places[from].Keyframe, lengths[places[to].Keyframe] - lengths[places[from].Keyframe], _typicalDepth);

    private Similarity Predicted(int from, int to) => Similarity.Of(PoseOf(from).Inverse * PoseOf(to));

    private Pose PoseOf(int place) => map.Keyframes[places[place].Keyframe].Pose;

    // how many of a place's landmarks each keyframe sees
    private int[] CountShared(int place)
    {
        var common = new int[map.Keyframes.Count];
        foreach (int l in places[place].Landmarks)
        {
            if (l < 0) continue;
            foreach (var s in map.Landmarks[l].Sightings) common[s.Keyframe]++;
        }
        return common;
    }

    private List<int> Choose(int to, float[] votes, int[] common, double[] lengths)
    {
        // what tracks connect needs no recognising, nor does what lies between
        int connected = to;
        while (connected > 0 && common[places[connected - 1].Keyframe] >= Connected) connected--;
        int[] lost = [.. Enumerable.Range(0, connected).Where(k => votes[k] > 0 && common[places[k].Keyframe] < Connected)];
        var chosen = new List<int>();
        // keyframes side by side look alike and would take all places: one of each neighbourhood is asked, and those that the path so far puts nearest
        Take(lost.OrderByDescending(k => votes[k] / Math.Sqrt(places[k].Landmarks.Length + 1)).ThenBy(k => k).Take(Considered), Candidates, Apart);
        Take(lost.OrderBy(k => ViewDistance(k, to)).ThenBy(k => k), Candidates + Nearest, 1);
        return chosen;

        void Take(IEnumerable<int> ranked, int upTo, int apart)
        {
            foreach (int k in ranked)
            {
                if (chosen.Count == upTo) return;
                if (chosen.Exists(c => Math.Abs(c - k) < apart) || Overlap(k, to, Allowance(k, to, lengths)) < MinOverlap) continue;
                chosen.Add(k);
            }
        }
    }

    // how differently two keyframes look at the scene, by the path so far: turn, and way against the scene's depth, radians
    private double ViewDistance(int from, int to)
    {
        var between = PoseOf(from).Inverse * PoseOf(to);
        return between.Rotation.Angle + between.Translation.Length / _typicalDepth;
    }

    // the share of the earlier keyframe's points that the later might see, drift allowed for
    private double Overlap(int from, int to, DriftAllowance allowance)
    {
        var seen = places[from].Landmarks;
        int step = Math.Max(1, seen.Length / Sampled), count = 0, inside = 0;
        var pose = PoseOf(to);
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

    private FoundLoops Judge(List<PlaceMatch> found)
    {
        var agreed = found.FindAll(m => m.Points.Count >= SureAlone || found.Exists(o => Supports(o, m)));
        int count = 0, last = int.MinValue / 2;
        foreach (int to in agreed.Select(m => m.To).Distinct().Order())
        {
            if (to - last > RunGap) count++;
            last = to;
        }
        return new(agreed, count);
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
