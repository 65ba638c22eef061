using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Scenes.Shading;

namespace MetricDepth.Scenes.Poses;

/// <summary>How the depth of a scene is delivered.</summary>
internal enum DepthSupply
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>Exactly.</summary>
    Exact,
    /// <summary>As a sensor does: exactly, but a quarter of the places, in patches, has none.</summary>
    WithHoles,
    /// <summary>As a network does: <see cref="WaveringDepth"/>.</summary>
    Wavering,
}

/// <summary>A filmed scene as a solver gets it: tracks of <see cref="Tracking.PointTracker"/>, depth at the tracked points.</summary>
internal sealed class SceneProblem : PoseProblem
{
    private readonly FilmedScene _film;
    private readonly SightedFrame[] _frames;

    private SceneProblem(FilmedScene film, SightedFrame[] frames) => (_film, _frames) = (film, frames);

    /// <summary>Makes the problem.</summary>
    /// <param name="film">What was filmed.</param>
    /// <param name="supply">Which depth comes with it.</param>
    /// <param name="constraint">What the solver is told of the motion.</param>
    /// <param name="keep">Which points it gets; all by default.</param>
    public static SceneProblem Of(FilmedScene film, DepthSupply supply, MotionConstraint constraint = MotionConstraint.Free, Func<SurfaceSight, bool>? keep = null)
    {
        var network = new WaveringDepth(7);
        var frames = film.Frames.Select(f =>
        {
            var (seen, on) = f;
            var kept = Enumerable.Range(0, on.Length).Where(i => keep is null || keep(on[i])).ToArray();
            float[] depths = supply == DepthSupply.None ? [] : [.. kept.Select(i => Deliver(seen.Index, seen.Points[i], on[i].Depth))];
            return new SightedFrame(seen.Index, [.. kept.Select(i => seen.Ids[i])], [.. kept.Select(i => seen.Points[i])], depths);
        }).ToArray();
        return new(film, frames)
        {
            Camera = film.Camera,
            FrameRate = film.Scene.FrameRate.Value,
            FrameCount = frames.Length,
            Depth = supply switch { DepthSupply.None => DepthTrust.None, DepthSupply.Wavering => DepthTrust.Estimated, _ => DepthTrust.Measured },
            Constraint = constraint,
        };

        float Deliver(long frame, System.Numerics.Vector2 p, float depth) => supply switch
        {
            DepthSupply.Wavering => network.At(frame, p.X, p.Y, depth),
            // smooth noise is above 0.25 in about a quarter of the places
            DepthSupply.WithHoles when Noise.Smooth(p.X / 24 + 50, p.Y / 24 + 50, 1 << 16, 1 << 16, 900 + (int)(frame / 5)) > 0.25f => 0,
            _ => depth,
        };
    }

    public override IEnumerable<SightedFrame> Read(CancellationToken cancellation)
    {
        foreach (var frame in _frames)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return frame;
        }
    }

    public override IEnumerable<(long Frame, Plane<byte> Picture)> Pictures(IReadOnlyList<long> frames, CancellationToken cancellation) =>
        frames.Select(f => (f, _film.Pictures[(int)f]));
}
