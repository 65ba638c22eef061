using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;

namespace MetricDepth.Tests.Rendering;

/// <summary>Balls on a floor, filmed by somebody whose hand shakes badly; exact depth and exact path. Filmed once for all tests.</summary>
public sealed class ShakyClip : IDisposable
{
    internal const int Width = 240, Height = 136, Frames = 6;

    private readonly TempFolder _folder = new();

    public ShakyClip()
    {
        var depth = _folder["shaky.mkv_depth.mkv"];
        SceneClip.Run(new() { Scene = Scene, Destination = _folder["shaky.mkv"], Camera = Camera, Frames = Frames, DepthPath = depth, CameraPath = PathFile },
            null, CancellationToken.None);
        Depth = DepthVideoReader.Probe(depth) with { ColorPath = _folder["shaky.mkv"] };
    }

    internal static Intrinsics Camera { get; } = Intrinsics.FromFieldOfView(Width, Height, 63, null);

    /// <summary>Some 3° and 4 cm to and fro.</summary>
    internal static Scene Scene { get; } = Scene.Floor.WithCamera("Shaky", CameraToWorld);

    internal DepthVideo Depth { get; }

    internal string PathFile => _folder["shaky.mkv_depth.mkv_transformations.json"];

    /// <summary>Where the camera is after so many seconds; the floor is at y = 0.</summary>
    internal static Pose CameraToWorld(double t) => Pose.LookAt(new(-0.45, -1.35, 0), new(0.05, -0.2, 2.6))
        * new Pose(Rotation.Exp(new(0.05 * Math.Sin(50 * t), 0.05 * Math.Cos(61 * t), 0.03 * Math.Sin(77 * t))), new(0.04 * Math.Sin(43 * t), 0.04 * Math.Cos(71 * t), 0.04 * Math.Sin(57 * t)));

    public void Dispose() => _folder.Dispose();
}
