using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>The keyframes of a clip and the points they see: all of them, because the last adjustment is over all of them.</summary>
/// <param name="camera">The camera.</param>
/// <param name="noise">What the depth is good for.</param>
/// <param name="trust">Where the depth comes from.</param>
/// <param name="tracks">What the tracks are good for.</param>
internal sealed class PointMap(Camera camera, DepthNoise noise, DepthTrust trust, TrackNoise tracks)
{
    // a depth from parallax carries poses once it is known to this share
    private const double MatureShare = 0.1;
    private const int MinForAffinity = 12;

    private readonly List<MapKeyframe> _keyframes = [];
    private readonly Dictionary<int, MapPoint> _points = [];

    public Camera Camera => camera;

    /// <summary>What the depth is good for.</summary>
    public DepthNoise Noise => noise;

    public DepthTrust Trust => trust;

    /// <summary>What the tracks are good for.</summary>
    public TrackNoise Tracks => tracks;

    /// <summary>Standard deviation of a pixel coordinate, px.</summary>
    public double PixelDeviation => tracks.Deviation;

    /// <summary>In order of frames.</summary>
    public IReadOnlyList<MapKeyframe> Keyframes => _keyframes;

    /// <summary>In the order in which they were first seen; every sum over them has one order.</summary>
    public IEnumerable<MapPoint> Points => _points.Values;

    /// <summary>Depth of the points that the newest keyframe sees: the middle one, metres; 1 before there are any.</summary>
    public double MedianDepth { get; private set; } = 1;

    /// <summary>The point of a track, if there is one.</summary>
    public MapPoint? Find(int id) => _points.GetValueOrDefault(id);

    /// <summary>The points of known place that a frame sees.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="anyDepth">Whether points of unknown depth count as infinitely far: a camera that does not move sees them just so.</param>
    /// <param name="known">Takes what the pose is fitted to.</param>
    /// <param name="owners">Takes the points themselves, in the same order.</param>
    public void Match(SightedFrame frame, bool anyDepth, List<KnownPoint> known, List<MapPoint> owners)
    {
        known.Clear();
        owners.Clear();
        for (int i = 0; i < frame.Ids.Length; i++)
        {
            if (!_points.TryGetValue(frame.Ids[i], out var p) || p.IsOutlier || !(p.IsKnown || anyDepth)) continue;
            var host = p.Host;
            bool use = p.IsKnown && !anyDepth;
            // estimated depth of a single frame wavers: only keyframes, whose scale and shift are solved for, have a say
            var reading = use && trust == DepthTrust.Measured && i < frame.Depths.Length ? noise.Of(frame.Depths[i]) : default;
            known.Add(new(host.Pose.Translation, host.Pose.Rotation * camera.Ray(p.Pixel), use ? p.Rho : 0, use ? p.Deviation : 0, frame.Points[i], reading, p.Trust));
            owners.Add(p);
        }
    }

    /// <summary>How many points a frame sees that are known not to stand still.</summary>
    public int CountOutliers(SightedFrame frame)
    {
        int count = 0;
        foreach (int id in frame.Ids)
            if (_points.TryGetValue(id, out var p) && p.IsOutlier) count++;
        return count;
    }

    /// <summary>Adds a keyframe whose pose is known: its points are seen once more or for the first time.</summary>
    public MapKeyframe Add(SightedFrame frame, Pose pose)
    {
        var readings = new MeasuredInverseDepth[frame.Ids.Length];
        for (int i = 0; i < Math.Min(readings.Length, frame.Depths.Length); i++) readings[i] = noise.Of(frame.Depths[i]);
        var k = new MapKeyframe(_keyframes.Count, frame, readings, pose);
        if (trust == DepthTrust.Estimated) k.Affinity = FitAffinity(k);
        _keyframes.Add(k);
        for (int i = 0; i < k.Ids.Length; i++)
        {
            if (_points.TryGetValue(k.Ids[i], out var p))
            {
                if (p.IsKnown) Fuse(p, k, i);
                p.Sightings.Add(new(k, i));
                if (!p.IsKnown) Locate(p);
                p.ForgetReadings();
                continue;
            }
            p = new(k.Ids[i], new(k, i));
            _points.Add(p.Id, p);
            if (!readings[i].IsKnown) continue;
            p.Rho = k.Affinity.ToTrue(readings[i].Value);
            p.Deviation = readings[i].Deviation / k.Affinity.Scale;
            if (!(p.Rho > 0)) p.Deviation = double.PositiveInfinity;
        }
        MeasureDepth(k);
        return k;
    }

    /// <summary>Takes note of the depths that an ordinary frame reads: sensor noise averages out over the frames between two keyframes.</summary>
    public void NoteReadings(Pose pose, ReadOnlySpan<KnownPoint> known, IReadOnlyList<MapPoint> owners)
    {
        if (trust != DepthTrust.Measured) return;
        for (int i = 0; i < known.Length; i++)
        {
            ref readonly var p = ref known[i];
            if (!p.Reading.IsKnown || !TryPredict(pose, p.Origin, p.Ray, p.Rho, out double expected)) continue;
            owners[i].NoteReading(p.Reading.Value - expected, p.Reading.Deviation);
        }
    }

    /// <summary>How uncertain a point's inverse depth is, all sightings and readings together, poses taken as they are.</summary>
    public void RefreshDeviation(MapPoint p)
    {
        var host = p.Host;
        var ray = host.Pose.Rotation * camera.Ray(p.Pixel);
        double information = 0;
        foreach (var s in p.Sightings)
        {
            var k = s.Keyframe;
            var inverse = k.Pose.Rotation.Transposed;
            var baseline = inverse * (host.Pose.Translation - k.Pose.Translation);
            var y = inverse * ray + baseline * p.Rho;
            if (!camera.Project(y, out _, out _)) continue;
            double iz = 1 / y.Z, ju = camera.Fx * iz * (baseline.X - y.X * iz * baseline.Z), jv = camera.Fy * iz * (baseline.Y - y.Y * iz * baseline.Z);
            information += (ju * ju + jv * jv) / (tracks.Deviation * tracks.Deviation);
            if (s.Reading.IsKnown) information += k.Affinity.Scale * k.Affinity.Scale / (s.Reading.Deviation * s.Reading.Deviation);
        }
        p.Deviation = information > 0 ? 1 / Math.Sqrt(information) : double.PositiveInfinity;
        if (!HasReading(p) && !(p.Rho > 0 && p.Deviation < MatureShare * Math.Max(p.Rho, 1 / MedianDepth))) p.Deviation = double.PositiveInfinity;
        if (!(p.Rho > -3 * p.Deviation)) p.Deviation = double.PositiveInfinity;
    }

    private static bool HasReading(MapPoint p)
    {
        foreach (var s in p.Sightings)
            if (s.Reading.IsKnown) return true;
        return false;
    }

    private static bool TryPredict(Pose pose, Vector3 origin, Vector3 ray, double rho, out double inverseDepth)
    {
        double z = (pose.Rotation.Transposed * (ray + (origin - pose.Translation) * rho)).Z;
        inverseDepth = rho / z;
        return z > 1e-3 && rho > 0;
    }

    private void Fuse(MapPoint p, MapKeyframe k, int index)
    {
        if (trust != DepthTrust.Measured || !TryPredict(k.Pose, p.Host.Pose.Translation, p.Host.Pose.Rotation * camera.Ray(p.Pixel), p.Rho, out double expected)) return;
        var own = k.Readings[index];
        if (own.IsKnown) p.NoteReading(own.Value - expected, own.Deviation);
        k.Readings[index] = p.FusedReading(expected, noise.DeviationAt(expected));
    }

    // a point without a reading: its depth from parallax, poses as they are, by Gauss-Newton on the inverse depth
    private void Locate(MapPoint p)
    {
        double typical = 1 / MedianDepth;
        var own = p.Sightings[^1];
        if (own.Reading.IsKnown && p.Sightings.Count > 1)
        {
            // this keyframe reads a depth where the host did not: carried over to the host
            var there = own.Keyframe.Pose * (camera.Ray(own.Pixel) * (1 / own.Keyframe.Affinity.ToTrue(own.Reading.Value)));
            double z = (p.Host.Pose.Inverse * there).Z;
            if (z > 0) p.Rho = 1 / z;
        }
        if (!(p.Rho > 0)) p.Rho = typical;
        var ray = p.Host.Pose.Rotation * camera.Ray(p.Pixel);
        for (int round = 0; round < 6; round++)
        {
            double h = 0, g = 0;
            foreach (var s in p.Sightings)
            {
                var k = s.Keyframe;
                var inverse = k.Pose.Rotation.Transposed;
                var baseline = inverse * (p.Host.Pose.Translation - k.Pose.Translation);
                var y = inverse * ray + baseline * p.Rho;
                if (!camera.Project(y, out double u, out double v)) continue;
                double iz = 1 / y.Z, ju = camera.Fx * iz * (baseline.X - y.X * iz * baseline.Z), jv = camera.Fy * iz * (baseline.Y - y.Y * iz * baseline.Z);
                double ru = u - s.Pixel.X, rv = v - s.Pixel.Y, weight = 1 / (tracks.Deviation * tracks.Deviation + (ru * ru + rv * rv) / 4);
                h += weight * (ju * ju + jv * jv);
                g += weight * (ju * ru + jv * rv);
                if (!s.Reading.IsKnown) continue;
                double unit = k.Affinity.Scale * k.Affinity.Scale / (s.Reading.Deviation * s.Reading.Deviation);
                h += unit;
                g += unit * (p.Rho / y.Z - k.Affinity.ToTrue(s.Reading.Value));
            }
            if (!(h > 0)) break;
            double step = -g / h;
            p.Rho += step;
            if (Math.Abs(step) < 1e-4 * typical) break;
        }
        RefreshDeviation(p);
        if (p.IsKnown && MedianError(p) > tracks.InlierDistance) p.Deviation = double.PositiveInfinity;
    }

    /// <summary>The median distance between where keyframes see a point and where they should, px.</summary>
    public double MedianError(MapPoint p)
    {
        Span<double> errors = stackalloc double[Math.Min(p.Sightings.Count, 64)];
        var ray = p.Host.Pose.Rotation * camera.Ray(p.Pixel);
        for (int i = 0; i < errors.Length; i++)
        {
            var s = p.Sightings[i];
            var y = s.Keyframe.Pose.Rotation.Transposed * (ray + (p.Host.Pose.Translation - s.Keyframe.Pose.Translation) * p.Rho);
            errors[i] = camera.Project(y, out double u, out double v) ? Math.Sqrt((u - s.Pixel.X) * (u - s.Pixel.X) + (v - s.Pixel.Y) * (v - s.Pixel.Y)) : 1e6;
        }
        errors.Sort();
        return errors[errors.Length / 2];
    }

    // how a keyframe's readings relate to the points it sees again: least squares on inverse depth, twice, without what is far off the first time
    private DepthAffinity FitAffinity(MapKeyframe k)
    {
        var pairs = new List<(double Expected, double Read)>();
        for (int i = 0; i < k.Ids.Length; i++)
            if (k.Readings[i].IsKnown && _points.TryGetValue(k.Ids[i], out var p) && p.IsKnown && !p.IsOutlier
                && TryPredict(k.Pose, p.Host.Pose.Translation, p.Host.Pose.Rotation * camera.Ray(p.Pixel), p.Rho, out double expected))
                pairs.Add((expected, k.Readings[i].Value));
        if (pairs.Count < MinForAffinity) return _keyframes.Count > 0 ? _keyframes[^1].Affinity : DepthAffinity.Identity;
        var ratios = pairs.Select(p => p.Read / p.Expected).Order().ToArray();
        // the scale alone: a shift is for the adjustment, which sees more than one frame
        return new(ratios[ratios.Length / 2], 0);
    }

    private void MeasureDepth(MapKeyframe k)
    {
        var depths = new List<double>(k.Ids.Length);
        foreach (int id in k.Ids)
        {
            var p = _points[id];
            if (p.IsKnown && !p.IsOutlier && TryPredict(k.Pose, p.Host.Pose.Translation, p.Host.Pose.Rotation * camera.Ray(p.Pixel), p.Rho, out double rho)) depths.Add(1 / rho);
        }
        if (depths.Count == 0) return;
        depths.Sort();
        MedianDepth = depths[depths.Count / 2];
    }
}
