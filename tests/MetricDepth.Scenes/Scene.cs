using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Scenes.Sets;
using MetricDepth.Scenes.Shading;
using MetricDepth.Scenes.Tracing;
using MetricDepth.Video;

namespace MetricDepth.Scenes;

/// <summary>
/// A place with a camera moving through it, of which everything is known exactly. A scene is a function of the frame number and the
/// camera only: the same on every run and for any number of threads.
/// </summary>
public sealed class Scene
{
    private static readonly Lazy<Scene> LazyRoom = new(RoomSet.Build), LazyPoles = new(PolesSet.Build), LazyFloor = new(FloorSet.Build),
        LazyRunner = new(FloorSet.BuildWithRunner), LazyLoop = new(FlatSet.Build), LazyWalk = new(StreetSet.Build), LazyCrowd = new(StreetSet.BuildCrowd);
    private readonly IReadOnlyList<Solid> _solids;
    private readonly Func<double, Pose> _cameraToWorld;
    private readonly float _exposure;

    internal Scene(string name, SetBuilder set, Lights lights, float exposure, Func<double, Pose> cameraToWorld)
        : this(name, set.Solids, set.Objects, exposure, cameraToWorld, new(25)) => LightBake.Run(set.Solids, lights);

    private Scene(
        string name, IReadOnlyList<Solid> solids, IReadOnlyList<string> objects, float exposure, Func<double, Pose> cameraToWorld, Rational frameRate)
    {
        Name = name;
        Objects = objects;
        FrameRate = frameRate;
        _solids = solids;
        _exposure = exposure;
        _cameraToWorld = cameraToWorld;
    }

    /// <summary>A furnished room in daylight; the camera walks in, hand-held, forwards and to the side.</summary>
    public static Scene Room => LazyRoom.Value;

    /// <summary>Thin poles from 1.5 m to 4 m before a wall at 6 m; the camera moves sideways 0.2 m a second.</summary>
    public static Scene Poles => LazyPoles.Value;

    /// <summary>Balls on a textured floor, seen from above at a slant; the camera moves sideways and a little forwards.</summary>
    public static Scene Floor => LazyFloor.Value;

    /// <summary>The floor scene with a camera that turns on the spot, 10° a second: no parallax at all.</summary>
    public static Scene Turning => Floor.WithCamera("Turning", t => FloorSet.Camera(0) * new Pose(Rotation.Exp(new(0, t * Math.PI / 18, 0)), default));

    /// <summary>The floor scene with a camera that stands still.</summary>
    public static Scene Still => Floor.WithCamera("Still", _ => FloorSet.Camera(0));

    /// <summary>The floor scene with one more ball, the object <c>runner</c>, that crosses it at 0.8 m a second.</summary>
    public static Scene Runner => LazyRunner.Value;

    /// <summary>A hand-held walk round two furnished rooms joined by two doorways, 12 m, back to where it began and looking the same way again.</summary>
    public static Scene Loop => LazyLoop.Value;

    /// <summary>Seconds the walk of <see cref="Loop"/> takes; the camera stands still after that.</summary>
    public static double LoopSeconds => FlatSet.RoundSeconds;

    /// <summary>The first of those rooms from a tripod that turns once all round in ten seconds: the camera's centre does not move.</summary>
    public static Scene Spin => Loop.WithCamera("Spin", FlatSet.Tripod);

    /// <summary>The same turn with the camera in somebody's hands: its centre sways a few centimetres.</summary>
    public static Scene SwayingSpin => Loop.WithCamera("SwayingSpin", FlatSet.TurnedByHand);

    /// <summary>A hand-held walk straight along a street, forwards 1.25 m a second.</summary>
    public static Scene Walk => LazyWalk.Value;

    /// <summary>The same walk while a tram overtakes and people come and go: about a third of the picture moves by itself.</summary>
    public static Scene Crowd => LazyCrowd.Value;

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Names of the objects that masks tell apart; index 0 is nothing.</summary>
    public IReadOnlyList<string> Objects { get; }

    /// <summary>Frames per second.</summary>
    public Rational FrameRate { get; }

    /// <summary>The same scene filmed at another rate.</summary>
    public Scene WithFrameRate(Rational frameRate) => new(Name, _solids, Objects, _exposure, _cameraToWorld, frameRate);

    /// <summary>The same place filmed by another camera: a function from seconds to the pose camera-to-world.</summary>
    public Scene WithCamera(string name, Func<double, Pose> cameraToWorld) => new(name, _solids, Objects, _exposure, cameraToWorld, FrameRate);

    /// <summary>Camera of a frame to camera of frame 0.</summary>
    public Pose PoseOf(int frame) => _cameraToWorld(0).Inverse * _cameraToWorld(Seconds(frame));

    /// <summary>The camera path of the first frames.</summary>
    public CameraPath Path(int frames) => new(null, Enumerable.Range(0, frames).Select(PoseOf).ToArray());

    /// <summary>Draws a frame.</summary>
    /// <param name="frame">0-based frame number.</param>
    /// <param name="camera">The pinhole camera.</param>
    /// <param name="eyeOffset">How far the eye is to the right of the camera, metres: 0.063 for the right eye of a pair whose left eye is the camera.</param>
    /// <param name="threads">Threads to draw with; the picture does not depend on it.</param>
    public SceneFrame Render(int frame, Intrinsics camera, double eyeOffset = 0, int? threads = null) =>
        Render(frame, camera, new Pose(Rotation.Identity, new(eyeOffset, 0, 0)), threads);

    /// <summary>Draws a frame as somebody beside the camera sees it.</summary>
    /// <param name="frame">0-based frame number.</param>
    /// <param name="camera">The viewer's pinhole camera.</param>
    /// <param name="viewer">Viewer to the scene's camera of that frame.</param>
    /// <param name="threads">Threads to draw with; the picture does not depend on it.</param>
    public SceneFrame Render(int frame, Intrinsics camera, Pose viewer, int? threads = null)
    {
        var view = new SceneView(_solids, _cameraToWorld(Seconds(frame)) * viewer, camera, Seconds(frame));
        var (color, depth, objects) = SceneRenderer.Render(view, _exposure, threads ?? Environment.ProcessorCount);
        return new(color, depth, objects, camera, PoseOf(frame) * viewer);
    }

    /// <summary>What somebody beside the camera sees, at pixel centres, that the camera does not: the true disocclusion.</summary>
    /// <param name="frame">0-based frame number.</param>
    /// <param name="camera">The camera, and the viewer's as well.</param>
    /// <param name="viewer">Viewer to the scene's camera of that frame.</param>
    /// <returns>255 where the point seen is hidden from the camera or outside its picture, else 0; H×W.</returns>
    public Plane<byte> Disoccluded(int frame, Intrinsics camera, Pose viewer)
    {
        var source = _cameraToWorld(Seconds(frame));
        return Disocclusion.Find(new(_solids, source, camera, Seconds(frame)), new(_solids, source * viewer, camera, Seconds(frame)), viewer);
    }

    /// <summary>
    /// Follows points on surfaces that frame <paramref name="origin"/> sees on a grid of pixels, through the first frames.
    /// Points on moving bodies move with them.
    /// </summary>
    public SceneTracks Track(int frames, Intrinsics camera, int gridStep, int origin = 0) =>
        SceneTracks.Follow(Views(frames, camera), gridStep, origin);

    /// <summary>
    /// Follows the surface points that frame <paramref name="origin"/> shows at <paramref name="pixels"/>, through the first frames.
    /// Same order; where nothing is seen at a pixel, the point is never visible.
    /// </summary>
    public SceneTracks Track(int frames, Intrinsics camera, IReadOnlyList<System.Numerics.Vector2> pixels, int origin = 0) =>
        SceneTracks.Follow(Views(frames, camera), pixels, origin);

    private SceneView[] Views(int frames, Intrinsics camera) =>
        [.. Enumerable.Range(0, frames).Select(f => new SceneView(_solids, _cameraToWorld(Seconds(f)), camera, Seconds(f)))];

    /// <summary>What is seen at some places of a frame, exactly there and not at the nearest pixel's centre.</summary>
    /// <param name="frame">0-based frame number.</param>
    /// <param name="camera">The pinhole camera.</param>
    /// <param name="places">Positions, px, pixel centres at integers.</param>
    public SurfaceSight[] Look(int frame, Intrinsics camera, ReadOnlySpan<System.Numerics.Vector2> places) =>
        SurfaceSight.Find(new(_solids, _cameraToWorld(Seconds(frame)), camera, Seconds(frame)), places);

    private double Seconds(int frame) => frame / FrameRate.Value;
}
