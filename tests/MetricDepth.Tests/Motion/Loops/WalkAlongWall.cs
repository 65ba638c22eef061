using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Motion.Adjustment;
using MetricDepth.Motion.Loops;
using MetricDepth.Tests.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion.Loops;

/// <summary>
/// A camera goes round along a painted wall 3 m away and comes back; its tracks are exact but for noise, and every point that comes into
/// view again is a new track. The solver's path has drifted.
/// </summary>
internal sealed class WalkAlongWall : PoseProblem
{
    private const int Width = 320, Height = 240;
    private const double Wall = 3, Spacing = 0.25;
    private const float PixelsPerMetre = 90;
    private static readonly Camera Lens = new(260, 260, 159.5, 119.5);

    private readonly Dictionary<long, Plane<byte>> _pictures = [];
    private readonly TexturedPlane _paint = new(3);
    private readonly Func<Vector2, int, Vector2> _texture;

    private WalkAlongWall(Pose[] truth, Func<Vector2, int, Vector2> texture) => (Truth, _texture) = (truth, texture);

    public Pose[] Truth { get; }

    /// <summary>Makes the walk.</summary>
    /// <param name="corners">Where it goes, metres along the wall.</param>
    /// <param name="texture">Which part of the paint a place on the wall shows to a keyframe, metres; null: its own.</param>
    public static WalkAlongWall Past(Vector2[] corners, Func<Vector2, int, Vector2>? texture = null)
    {
        var truth = new List<Pose>();
        const float step = 0.5f;
        for (int c = 0; c + 1 < corners.Length; c++)
        {
            int steps = (int)MathF.Round(Vector2.Distance(corners[c], corners[c + 1]) / step);
            for (int i = 0; i < steps; i++)
            {
                var p = Vector2.Lerp(corners[c], corners[c + 1], (float)i / steps);
                int n = truth.Count;
                truth.Add(new(Rotation.Exp(new(0.04 * Math.Sin(0.3 * n), 0.04 * Math.Cos(0.37 * n) - 0.04, 0.02 * Math.Sin(0.2 * n))), new(p.X, p.Y, 0.1 * Math.Sin(0.25 * n))));
            }
        }
        return new([.. truth], texture ?? ((p, _) => p))
        {
            Camera = new(Width, Height, Lens.Fx, Lens.Fy, Lens.Cx, Lens.Cy),
            FrameRate = 30,
        };
    }

    /// <summary>What a solver would have found whose every step turns and grows a little too much.</summary>
    /// <param name="depth">What it had.</param>
    /// <param name="turn">Error of each step about the optical axis, radians.</param>
    /// <param name="growth">Factor on each step over the one before.</param>
    public GlobalMap Drifted(DepthTrust depth, double turn, double growth)
    {
        var random = new Random(9);
        float Noise() => (float)(0.2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        var keyframes = new List<GlobalKeyframe>();
        var scales = new double[Truth.Length];
        var tracks = new List<(List<LandmarkSighting> Sightings, double Z)>();
        var open = new Dictionary<(int, int), int>();
        for (int k = 0; k < Truth.Length; k++)
        {
            scales[k] = Math.Pow(growth, k);
            var pose = Truth[0];
            if (k > 0)
            {
                var step = Truth[k - 1].Inverse * Truth[k];
                pose = keyframes[k - 1].Pose * new Pose(Rotation.Exp(new(0, 0, turn)) * step.Rotation, step.Translation * scales[k]);
            }
            var points = new List<Vector2>();
            var still = new Dictionary<(int, int), int>();
            int cx = (int)Math.Round(Truth[k].Translation.X / Spacing), cy = (int)Math.Round(Truth[k].Translation.Y / Spacing);
            for (int x = cx - 14; x <= cx + 14; x++)
                for (int y = cy - 12; y <= cy + 12; y++)
                {
                    var seen = Truth[k].Inverse * OnWall(x, y);
                    if (!Lens.Project(seen, out double u, out double v) || u < 4 || v < 4 || u > Width - 5 || v > Height - 5) continue;
                    if (!open.TryGetValue((x, y), out int track))
                    {
                        track = tracks.Count;
                        tracks.Add(([], seen.Z * scales[k]));
                    }
                    still.Add((x, y), track);
                    tracks[track].Sightings.Add(new(k, points.Count));
                    points.Add(new((float)u + Noise(), (float)v + Noise()));
                }
            open = still;
            var readings = depth == DepthTrust.None ? [] : points.Select(p => MeasuredInverseDepth.FromDepth(DepthAt(k, p) * (1 + 0.05 * Noise()), 0.02)).ToArray();
            keyframes.Add(new(k, [.. points], readings) { Pose = pose });
        }
        return new()
        {
            Camera = Lens,
            Width = Width,
            Height = Height,
            Depth = depth,
            PixelDeviation = 0.3,
            Keyframes = keyframes,
            Landmarks = [.. tracks.Select(t => new GlobalLandmark(t.Sightings)
            {
                Pixel = keyframes[t.Sightings[0].Keyframe].Points[t.Sightings[0].Index],
                Rho = 1 / t.Z,
                IsReliable = true,
            })],
        };
    }

    public override IEnumerable<SightedFrame> Read(CancellationToken cancellation) => throw new NotSupportedException();

    public override IEnumerable<(long Frame, Plane<byte> Picture)> Pictures(IReadOnlyList<long> frames, CancellationToken cancellation)
    {
        foreach (long f in frames)
        {
            if (_pictures.TryGetValue(f, out var drawn))
            {
                yield return (f, drawn);
                continue;
            }
            var picture = _pictures[f] = new Plane<byte>(Width, Height);
            var pose = Truth[f];
            _paint.Draw(Width, Height, p =>
            {
                var ray = pose.Rotation * Lens.Ray(p);
                var hit = pose.Translation + ray * ((Wall - pose.Translation.Z) / ray.Z);
                return _texture(new((float)hit.X, (float)hit.Y), (int)f) * PixelsPerMetre;
            }).CopyTo(picture.Data, 0);
            yield return (f, picture);
        }
    }

    // corners are where the paint has them, not on a lattice; and where it repeats after 1.5 m or a multiple of that, so do they
    private static Vector3 OnWall(int x, int y) => OnWall(x, y, x - 6 * (int)Math.Floor(x / 6.0));

    private static Vector3 OnWall(int x, int y, int column) => new((x + 0.4 * Math.Sin(12.9898 * column + 78.233 * y)) * Spacing, (y + 0.4 * Math.Sin(39.346 * column + 11.135 * y)) * Spacing, Wall);

    private double DepthAt(int keyframe, Vector2 pixel) => (Wall - Truth[keyframe].Translation.Z) / (Truth[keyframe].Rotation * Lens.Ray(pixel)).Z;
}
