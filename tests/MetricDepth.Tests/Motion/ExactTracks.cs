using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Motion;

/// <summary>Tracks of surface points of a scene: exact but for noise of a known size, so that solvers are tested without a tracker.</summary>
internal static class ExactTracks
{
    private const int Step = 26;

    /// <summary>Follows new points from every so-many-th frame on; a point that is hidden or leaves the picture ends there.</summary>
    public static SightedFrame[] Of(Scene scene, Intrinsics camera, int frames, int every, double noise, int life = 75)
    {
        var seen = Enumerable.Range(0, frames).Select(_ => new List<(int Id, Vector2 Point)>()).ToArray();
        var random = new Random(7);
        int next = 0;
        for (int origin = 0; origin < frames; origin += every)
        {
            int last = Math.Min(frames, origin + life);
            var tracks = scene.Track(last, camera, Step, origin);
            for (int p = 0; p < tracks.Count; p++, next++)
                for (int f = origin; f < last && tracks[f, p].Visible; f++)
                {
                    // Box and Muller's way to a normal deviate
                    double r = noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), a = 2 * Math.PI * random.NextDouble();
                    seen[f].Add((next, new((float)(tracks[f, p].X + r * Math.Cos(a)), (float)(tracks[f, p].Y + r * Math.Sin(a)))));
                }
        }
        return [.. seen.Select((s, f) => new SightedFrame(f, [.. s.Select(t => t.Id)], [.. s.Select(t => t.Point)], []))];
    }
}
