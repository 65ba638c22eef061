using System.Numerics;

namespace MetricDepth.Motion.Loops;

/// <summary>Which landmarks are the same point, and who else sees them: a forest with one root for each point.</summary>
internal sealed class MergedLandmarks
{
    // the same point twice in one picture, farther apart than this: two points
    private const float SamePlace = 4;

    private readonly GlobalMap _map;
    private readonly int[] _parent;
    private readonly List<LandmarkSighting>?[] _sightings;

    public MergedLandmarks(GlobalMap map)
    {
        _map = map;
        _parent = [.. Enumerable.Range(0, map.Landmarks.Count)];
        _sightings = new List<LandmarkSighting>?[map.Landmarks.Count];
    }

    /// <summary>The landmark that stands for a point.</summary>
    public int RootOf(int landmark)
    {
        while (_parent[landmark] != landmark) landmark = _parent[landmark] = _parent[_parent[landmark]];
        return landmark;
    }

    /// <summary>All sightings of the point that a root stands for.</summary>
    public IReadOnlyList<LandmarkSighting> SightingsOf(int root) => _sightings[root] ?? _map.Landmarks[root].Sightings;

    /// <summary>Takes in what a recognised place says; what contradicts itself is left out.</summary>
    public void Add(PlaceMatch match, KeyframePlace place)
    {
        foreach (var (index, landmark) in match.Points)
        {
            int own = place.Landmarks[index], root = RootOf(landmark);
            if (own >= 0) Merge(root, RootOf(own));
            else if (!Contradicts(SightingsOf(root), [new(match.To, index)])) (_sightings[root] ??= [.. _map.Landmarks[root].Sightings]).Add(new(match.To, index));
        }
    }

    private void Merge(int a, int b)
    {
        if (a == b) return;
        IReadOnlyList<LandmarkSighting> first = SightingsOf(a), second = SightingsOf(b);
        if (Contradicts(first, second)) return;
        if (second[0].Keyframe < first[0].Keyframe) (a, b, first, second) = (b, a, second, first);
        _parent[b] = a;
        _sightings[a] = [.. first, .. second];
        _sightings[b] = null;
    }

    private bool Contradicts(IReadOnlyList<LandmarkSighting> first, IReadOnlyList<LandmarkSighting> second)
    {
        foreach (var s in first)
            foreach (var t in second)
                if (s.Keyframe == t.Keyframe && Vector2.Distance(PointOf(s), PointOf(t)) > SamePlace) return true;
        return false;
    }

    private Vector2 PointOf(LandmarkSighting s) => _map.Keyframes[s.Keyframe].Points[s.Index];
}
