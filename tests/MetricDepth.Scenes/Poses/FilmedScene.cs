using System.Collections.Concurrent;
using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Scenes.Poses;

/// <summary>
/// A scene filmed once for everybody in the process: grey pictures, the points that <see cref="PointTracker"/> found in them, and
/// what each of these points truly lies on. Drawing costs far more than solving, so solvers share it.
/// </summary>
internal sealed class FilmedScene
{
    private const int Width = 320, Height = 240, Points = 400;
    private const double Fov = 66;

    // a turn of 36° a second moves 12 px from frame to frame at this rate, which is still easy to follow
    private static readonly Rational Half = new(25, 2);
    private static readonly ConcurrentDictionary<(string, int, double), Lazy<FilmedScene>> Films = new();

    private FilmedScene(Scene scene, int count, double fov)
    {
        Scene = scene;
        Camera = Intrinsics.FromFieldOfView(Width, Height, fov, null);
        Truth = scene.Path(count).Poses;
        var tracker = new PointTracker(Width, Height, new() { Points = Points });
        var pictures = new List<Plane<byte>>();
        var frames = new List<(TrackedFrame, SurfaceSight[])>();
        for (int i = 0; i < count; i++)
        {
            pictures.Add(Gray(scene.Render(i, Camera).Color));
            var seen = tracker.Next(pictures[i].Bytes);
            frames.Add((seen, scene.Look(i, Camera, seen.Points)));
        }
        Pictures = pictures;
        Frames = frames;
    }

    /// <summary>Round two rooms and back.</summary>
    public static FilmedScene Loop => Of(Scene.Loop, (int)Math.Ceiling(25 * Scene.LoopSeconds));

    /// <summary>All round on a tripod.</summary>
    public static FilmedScene Spin => Of(Scene.Spin.WithFrameRate(Half), 126);

    /// <summary>All round by hand.</summary>
    public static FilmedScene SwayingSpin => Of(Scene.SwayingSpin.WithFrameRate(Half), 126);

    /// <summary>8.7 m along a street.</summary>
    public static FilmedScene Walk => Of(Scene.Walk, 175);

    /// <summary>The same 8.7 m with a third of the picture moving.</summary>
    public static FilmedScene Crowd => Of(Scene.Crowd, 175);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FilmedScene> All => [Loop, Spin, SwayingSpin, Walk, Crowd];

    /// <summary>What was filmed.</summary>
    public Scene Scene { get; }

    /// <summary>The camera.</summary>
    public Intrinsics Camera { get; }

    /// <summary>Camera to frame 0's camera.</summary>
    public IReadOnlyList<Pose> Truth { get; }

    /// <summary>Grey pictures.</summary>
    public IReadOnlyList<Plane<byte>> Pictures { get; }

    /// <summary>The tracked points of each frame and what they lie on.</summary>
    public IReadOnlyList<(TrackedFrame Seen, SurfaceSight[] On)> Frames { get; }

    /// <summary>Films the first frames of a scene, or hands out the film there is.</summary>
    public static FilmedScene Of(Scene scene, int frames, double fov = Fov) =>
        Films.GetOrAdd((scene.Name, frames, fov), _ => new(() => new(scene, frames, fov))).Value;

    private static Plane<byte> Gray(Plane<uint> color)
    {
        var gray = new Plane<byte>(color.Width, color.Height);
        for (int i = 0; i < color.Data.Length; i++)
        {
            uint c = color.Data[i];
            gray.Data[i] = (byte)(((c >> 16 & 255) * 77 + (c >> 8 & 255) * 150 + (c & 255) * 29) >> 8);
        }
        return gray;
    }
}
