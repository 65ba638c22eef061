using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Scenes;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>How well and how fast points are followed: against exact truth, and on the same points as another tracker.</summary>
internal static class TrackBenchmark
{
    private const int Frames = 31, Levels = 4;
    private const float MaxRoundTrip = 0.5f;

    /// <summary>Error and survival of the first frame's corners in the ray-cast scenes.</summary>
    public static int Scenes()
    {
        foreach (var scene in new[] { Scene.Room, Scene.Poles, Scene.Floor, Scene.Turning, Scene.Runner })
        {
            var camera = Intrinsics.FromFieldOfView(640, 480, 62.7, null);
            var gray = Enumerable.Range(0, Frames).Select(f => Gray(scene.Render(f, camera).Color)).ToArray();
            var tracker = new PointTracker(640, 480, new());
            var seen = gray.Select(g => tracker.Next(g)).ToArray();
            var first = seen[0];
            var truth = TrackTruth.Compare(scene.Track(Frames, camera, first.Points),
                (f, i) => seen[f].IndexOf(first.Ids[i]) is >= 0 and int at ? seen[f].Points[at] : null);
            Console.WriteLine($"{scene.Name}: {truth}");
        }
        return 0;
    }

    /// <summary>
    /// Follows given points from each frame to the next and back, without knowledge of earlier frames, and counts those that return within
    /// half a pixel. The file holds lines "frame x y"; points of frame f are looked for in frame f + 1.
    /// </summary>
    public static int Run(string path, string pointFile)
    {
        var clip = VideoProbe.Probe(path);
        using var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8 }, default);
        var frames = new List<byte[]>();
        for (var gray = new byte[reader.FrameBytes]; reader.Read(gray); gray = new byte[reader.FrameBytes]) frames.Add(gray);
        var points = File.ReadLines(pointFile).Select(l => l.Split(' ')).ToLookup(
            p => int.Parse(p[0], CultureInfo.InvariantCulture),
            p => new Vector2(float.Parse(p[1], CultureInfo.InvariantCulture), float.Parse(p[2], CultureInfo.InvariantCulture)));
        ImagePyramid from = new(clip.Width, clip.Height, Levels), to = new(clip.Width, clip.Height, Levels);
        foreach (var (name, checks) in new[] { ("warm-up", KltChecks.None), ("way there, whole way back", KltChecks.None), ("with the tracker's own checks", KltChecks.Usual) })
        {
            List<double> once = [], both = [];
            int asked = 0, arrived = 0, returned = 0;
            from.Load(frames[0]);
            for (int f = 0; f + 1 < frames.Count; f++)
            {
                Vector2[] start = [.. points[f]];
                int n = start.Length;
                Vector2[] found = new Vector2[n], back = new Vector2[n];
                bool[] there = new bool[n], again = new bool[n];
                long begin = Stopwatch.GetTimestamp();
                to.Load(frames[f + 1]);
                KltTracker.Track(from, to, start, start, found, there, n, checks);
                once.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                KltTracker.Track(to, from, found, found, back, again, n, KltChecks.None);
                both.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                asked += n;
                for (int i = 0; i < n; i++)
                {
                    if (there[i]) arrived++;
                    if (there[i] && again[i] && Vector2.Distance(back[i], start[i]) <= MaxRoundTrip) returned++;
                }
                (from, to) = (to, from);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {asked} points, {arrived} arrive in {Median(once):0.00} ms a pair, {returned} return within {MaxRoundTrip} px in {Median(both):0.00} ms a pair; pyramids included, {Environment.ProcessorCount} threads"));
        }
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static byte[] Gray(Plane<uint> color) =>
        Array.ConvertAll(color.Data, c => (byte)(((c >> 16 & 255) * 77 + (c >> 8 & 255) * 150 + (c & 255) * 29) >> 8));
}
