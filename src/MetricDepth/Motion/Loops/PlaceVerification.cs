using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using MetricDepth.Motion.DepthAssisted;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Loops;

/// <summary>
/// Finds out whether one keyframe shows what another shows: points that look alike, and one pose that explains them (three-point
/// samples, then all); then the landmarks around the place have to be found where that pose puts them.
/// </summary>
internal sealed class PlaceVerification
{
    private const int MaxDistance = 70, MaxGuidedDistance = 80;
    private const double DistanceRatio = 0.86;
    private const int MinMatches = 12, MinInliers = 12, MinGuided = 24, MinCells = 5;
    private const double MinInlierShare = 0.3;
    private const int Trials = 300;
    private const int Neighbourhood = 2;
    private const int CellsPerSide = 4;

    private readonly GlobalMap _map;
    private readonly KeyframePlace[] _places;
    private readonly double _reach;

    public PlaceVerification(GlobalMap map, KeyframePlace[] places)
    {
        (_map, _places) = (map, places);
        // a pose from another part of the path is off by more than the noise of a point
        _reach = Math.Max(2.0, 6 * map.PixelDeviation) * Math.Max(1, Math.Max(map.Width, map.Height) / 960.0);
    }

    /// <summary>Looks for the earlier keyframe in the later; null where it is not there, or not surely.</summary>
    public PlaceMatch? Run(int from, int to)
    {
        var matches = Match(from, to);
        if (matches.Count < MinMatches) return null;
        var earlier = KeyframeOf(from).Pose;
        var sightings = matches.Select(m => Sighting(m.Landmark, earlier, KeyframeOf(to).Points[m.Index])).ToArray();
        if (Consensus(sightings, from * 7919 + to) is not { } guess) return null;
        var fit = PoseRefinement.Run(_map.Camera, guess, sightings, _reach, _map.IsTurning ? PoseFreedom.RotationOnly : PoseFreedom.Free);
        if (fit.Inliers < MinInliers || fit.Inliers < MinInlierShare * matches.Count) return null;
        return Confirm(from, to, fit.Pose);
    }

    /// <summary>Looks for what the earlier keyframe sees in the later, given where that stands; null where it is not there.</summary>
    /// <param name="from">The earlier, among the places.</param>
    /// <param name="to">The later.</param>
    /// <param name="guess">Later camera to earlier camera.</param>
    public PlaceMatch? Confirm(int from, int to, Pose guess)
    {
        var earlier = KeyframeOf(from).Pose;
        var guided = Guided(from, to, guess);
        if (guided.Count < MinGuided) return null;
        PointSighting[] sightings = [.. guided.Select(m => Sighting(m.Landmark, earlier, KeyframeOf(to).Points[m.Index]))];
        var fit = PoseRefinement.Run(_map.Camera, guess, sightings, _reach, _map.IsTurning ? PoseFreedom.RotationOnly : PoseFreedom.Free);
        var agreeing = new List<(int, int)>();
        for (int i = 0; i < guided.Count; i++)
            if (PoseRefinement.SquaredResidual(_map.Camera, fit.Pose, sightings[i]) <= _reach * _reach) agreeing.Add(guided[i]);
        if (agreeing.Count < MinGuided || !IsSpread(to, agreeing)) return null;
        if (RelativeScale(from, to, fit.Pose, agreeing) is not { } scale) return null;
        return new(from, to, new(fit.Pose.Rotation, fit.Pose.Translation, scale), agreeing);
    }

    private GlobalKeyframe KeyframeOf(int place) => _map.Keyframes[_places[place].Keyframe];

    // points of the later frame and landmarks of the earlier that are each other's best
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<(int Index, int Landmark)> Match(int from, int to)
    {
        var reference = new List<int>();
        for (int i = 0; i < _places[from].Landmarks.Length; i++)
            if (_places[from].Landmarks[i] is >= 0 and int l && _map.Landmarks[l].IsReliable) reference.Add(i);
        var bestOf = new (int Index, int Distance)[reference.Count];
        Array.Fill(bestOf, (-1, int.MaxValue));
        var bests = new (int Reference, int Best, int Second)[_places[to].Descriptors.Length];
        var descriptors = reference.Select(i => _places[from].Descriptors[i]).ToArray();
        for (int i = 0; i < bests.Length; i++)
        {
            var mine = _places[to].Descriptors[i];
            int best = int.MaxValue, second = int.MaxValue, at = -1;
            for (int r = 0; r < descriptors.Length; r++)
            {
                int d = mine.DistanceTo(descriptors[r]);
                if (d < bestOf[r].Distance) bestOf[r] = (i, d);
                if (d < best) (second, best, at) = (best, d, r);
                else if (d < second) second = d;
            }
            bests[i] = (at, best, second);
        }
        var matches = new List<(int, int)>();
        for (int i = 0; i < bests.Length; i++)
        {
            var (r, best, second) = bests[i];
            if (r < 0 || best > MaxDistance || best > DistanceRatio * second || bestOf[r].Index != i) continue;
            matches.Add((i, _places[from].Landmarks[reference[r]]));
        }
        return matches;
    }

    // all in the earlier camera's frame
    private PointSighting Sighting(int landmark, Pose earlier, Vector2 pixel)
    {
        var l = _map.Landmarks[landmark];
        var y = _map.Direction(l, earlier);
        if (_map.IsTurning) return new(default, y, 0, pixel);
        return y.Z > 1e-9 ? new(default, y * (1 / y.Z), l.Rho / y.Z, pixel) : new(default, y, l.Rho, pixel);
    }

    private Pose? Consensus(PointSighting[] sightings, int seed)
    {
        var near = new List<int>();
        for (int i = 0; i < sightings.Length; i++)
            if (_map.IsTurning || sightings[i].Rho > 0) near.Add(i);
        if (near.Count < MinMatches) return null;
        var random = new Random(seed);
        Span<Vector3> world = stackalloc Vector3[3], rays = stackalloc Vector3[3];
        Span<Pose> poses = stackalloc Pose[ThreePointPose.MaxSolutions];
        Pose? best = null;
        double bestScore = 0, reach = 4 * _reach * _reach;
        int trials = Trials;
        for (int trial = 0; trial < trials; trial++)
        {
            int i = random.Next(near.Count), j = random.Next(near.Count), k = random.Next(near.Count);
            if (i == j || j == k || i == k) continue;
            ReadOnlySpan<int> chosen = [near[i], near[j], near[k]];
            for (int c = 0; c < 3; c++)
            {
                ref readonly var s = ref sightings[chosen[c]];
                (world[c], rays[c]) = (_map.IsTurning ? s.Ray : s.Ray * (1 / s.Rho), _map.Camera.Ray(s.Pixel));
            }
            int count = _map.IsTurning ? Turn(world, rays, poses) : ThreePointPose.Solve(world, rays, poses);
            for (int p = 0; p < count; p++)
            {
                double score = 0;
                foreach (ref readonly var s in sightings.AsSpan()) score += Math.Max(0, 1 - PoseRefinement.SquaredResidual(_map.Camera, poses[p], s) / reach);
                if (score <= bestScore) continue;
                (best, bestScore) = (poses[p], score);
                // as many samples as leave one chance in a thousand that none was clean
                double clean = Math.Pow(Math.Clamp(score / sightings.Length, 0.05, 0.95), 3);
                trials = Math.Min(trials, trial + 1 + (int)Math.Ceiling(-6.9 / Math.Log(1 - clean)));
            }
        }
        return best;
    }

    // the turn that takes two viewing rays to two bearings
    private static int Turn(ReadOnlySpan<Vector3> world, ReadOnlySpan<Vector3> rays, Span<Pose> poses)
    {
        if (!TryFrame(world[0], world[1], out var to) || !TryFrame(rays[0], rays[1], out var from)) return 0;
        poses[0] = new(to * from.Transposed, default);
        return 1;
    }

    private static bool TryFrame(Vector3 a, Vector3 b, out Rotation frame)
    {
        var x = a.Normalized;
        var z = Vector3.Cross(x, b.Normalized);
        frame = Rotation.Identity;
        if (z.Length < 0.02) return false;
        z = z.Normalized;
        var y = Vector3.Cross(z, x);
        frame = new(x.X, y.X, z.X, x.Y, y.Y, z.Y, x.Z, y.Z, z.Z);
        return true;
    }

    // landmarks seen around the earlier keyframe, looked for where the pose puts them in the later
    private List<(int Index, int Landmark)> Guided(int from, int to, Pose relative)
    {
        var pose = KeyframeOf(from).Pose * relative;
        var points = KeyframeOf(to).Points;
        var owner = new (int Landmark, int Distance)[points.Length];
        Array.Fill(owner, (-1, MaxGuidedDistance + 1));
        var done = new HashSet<int>();
        float reach = (float)(2 * _reach);
        var grid = new PointGrid(points, _map.Width, _map.Height, reach);
        for (int step = 0; step <= 2 * Neighbourhood; step++)
        {
            int k = from + (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
            if (k < 0 || k >= _places.Length || k >= to) continue;
            for (int i = 0; i < _places[k].Landmarks.Length; i++)
            {
                int l = _places[k].Landmarks[i];
                if (l < 0 || !_map.Landmarks[l].IsReliable || !done.Add(l)) continue;
                if (!_map.Camera.Project(_map.Direction(_map.Landmarks[l], pose), out double u, out double v)) continue;
                int best = MaxGuidedDistance + 1, at = -1;
                foreach (int p in grid.Near(new((float)u, (float)v)))
                {
                    if (Vector2.DistanceSquared(points[p], new((float)u, (float)v)) > reach * reach) continue;
                    int d = _places[to].Descriptors[p].DistanceTo(_places[k].Descriptors[i]);
                    if (d < best) (best, at) = (d, p);
                }
                if (at >= 0 && best < owner[at].Distance) owner[at] = (l, best);
            }
        }
        var found = new List<(int, int)>();
        for (int i = 0; i < owner.Length; i++)
            if (owner[i].Landmark >= 0) found.Add((i, owner[i].Landmark));
        return found;
    }

    private bool IsSpread(int place, List<(int Index, int Landmark)> points)
    {
        var cells = new HashSet<int>();
        foreach (var (index, _) in points)
        {
            var p = KeyframeOf(place).Points[index];
            cells.Add(Math.Clamp((int)(p.X * CellsPerSide / _map.Width), 0, CellsPerSide - 1) + CellsPerSide * Math.Clamp((int)(p.Y * CellsPerSide / _map.Height), 0, CellsPerSide - 1));
        }
        return cells.Count >= MinCells;
    }

    // the depth at which the earlier part of the path sees the points over that at which the later sees them
    private double? RelativeScale(int from, int to, Pose relative, List<(int Index, int Landmark)> points)
    {
        if (_map.IsTurning) return 1;
        var ratios = new List<double>();
        var pose = KeyframeOf(from).Pose * relative;
        foreach (var (index, landmark) in points)
        {
            int own = _places[to].Landmarks[index];
            if (own < 0 || !_map.Landmarks[own].IsReliable) continue;
            var l = _map.Landmarks[landmark];
            double theirs = _map.Direction(l, pose).Z / l.Rho, mine = _map.Direction(_map.Landmarks[own], KeyframeOf(to).Pose).Z / _map.Landmarks[own].Rho;
            if (theirs > 0 && mine > 0) ratios.Add(Math.Log(theirs / mine));
        }
        if (ratios.Count < MinGuided / 3) return _map.Depth == DepthTrust.Measured ? 1 : null;
        ratios.Sort();
        double scale = Math.Exp(CollectionsMarshal.AsSpan(ratios)[ratios.Count / 2]);
        double spread = (ratios[(int)(0.75 * ratios.Count)] - ratios[(int)(0.25 * ratios.Count)]) / 2;
        // depths that do not agree with each other belong to another place
        if (spread > 0.25) return null;
        if (_map.Depth != DepthTrust.Measured) return scale;
        return Math.Abs(Math.Log(scale)) < 0.08 ? 1 : null;
    }
}
