using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Scenes;

namespace MetricDepth.Benchmarks;

/// <summary>A scene filmed into memory, with what motion stereo makes of it when its camera is known exactly.</summary>
internal sealed class MatchedScene
{
    private readonly SceneFrame[] _frames;

    public MatchedScene(Scene scene, int frames, Intrinsics camera)
    {
        _frames = [.. Enumerable.Range(0, frames).Select(i => scene.Render(i, camera))];
        Motion = new()
        {
            Intrinsics = camera,
            FieldOfViewEstimated = false,
            Poses = [.. _frames.Select(f => f.Pose)],
            SceneDepths = [.. _frames.Select(f => Range(f.Depth))],
            ReprojectionError = 0,
            Parallax = 5,
            InlierShare = 1,
        };
    }

    public CameraMotion Motion { get; }

    public int Count => _frames.Length;

    public Plane<float> TrueDepth(int frame) => _frames[frame].Depth;

    /// <summary>Matches every frame; depth (m, 0 = none) and confidence are lent for the call.</summary>
    public void Match(MotionStereoSettings settings, Action<int, Plane<float>, Plane<float>> take)
    {
        int next = 0, nextAgain = 0;
        var camera = Motion.Intrinsics;
        var depth = new Plane<float>(camera.Width, camera.Height);
        new DenseReconstruction(Motion, settings, new(camera.Width, camera.Height, settings)).Run(color =>
        {
            if (next == _frames.Length) return false;
            _frames[next++].Color.Span.CopyTo(color.Span);
            return true;
        }, color =>
        {
            _frames[nextAgain++].Color.Span.CopyTo(color.Span);
            return true;
        }, (index, _, inverse, confidence) =>
        {
            for (int i = 0; i < depth.Data.Length; i++) depth.Data[i] = inverse.Data[i] > 0 ? 1 / inverse.Data[i] : 0;
            take(index, depth, confidence);
        }, null, default);
    }

    private static SceneDepth Range(Plane<float> depth)
    {
        var sorted = depth.Data.Where(d => d > 0).Order().ToArray();
        return new(sorted[sorted.Length / 50], sorted[sorted.Length / 2], sorted[sorted.Length * 49 / 50], sorted.Length);
    }
}
