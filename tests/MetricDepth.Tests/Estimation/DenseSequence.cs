using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Estimation;

/// <summary>A short sequence of a scene with its exact poses and depth, and what the matcher makes of it.</summary>
internal sealed class DenseSequence
{
    private readonly SceneFrame[] _frames;

    public DenseSequence(Scene scene, int frames, int width = 160, int height = 120)
    {
        Camera = Intrinsics.FromFieldOfView(width, height, 63, null);
        _frames = [.. Enumerable.Range(0, frames).Select(i => scene.Render(i, Camera))];
        Motion = new()
        {
            Intrinsics = Camera,
            FieldOfViewEstimated = false,
            Poses = [.. _frames.Select(f => f.Pose)],
            SceneDepths = [.. _frames.Select(f => RangeOf(f.Depth))],
            ReprojectionError = 0,
            Parallax = 5,
            InlierShare = 1,
        };
    }

    public Intrinsics Camera { get; }

    public CameraMotion Motion { get; }

    public int Count => _frames.Length;

    public SceneFrame this[int frame] => _frames[frame];

    /// <summary>Frames handed out so far.</summary>
    public int FramesRead { get; private set; }

    public DenseReconstruction Matcher(MotionStereoSettings? settings = null)
    {
        settings ??= new();
        return new(Motion, settings, new(Camera.Width, Camera.Height, settings));
    }

    /// <summary>Fills the next frame, as a video would.</summary>
    public bool Read(Plane<uint> color)
    {
        if (FramesRead == _frames.Length) return false;
        _frames[FramesRead++].Color.Span.CopyTo(color.Span);
        return true;
    }

    public void Rewind() => FramesRead = FramesReadAgain = 0;

    /// <summary>Frames handed out the second time.</summary>
    public int FramesReadAgain { get; private set; }

    /// <summary>Fills the next frame, as a second reader would.</summary>
    public bool ReadAgain(Plane<uint> color)
    {
        if (FramesReadAgain == _frames.Length) return false;
        _frames[FramesReadAgain++].Color.Span.CopyTo(color.Span);
        return true;
    }

    /// <summary>The depth of every frame, metres; 0 where there is none.</summary>
    public float[][] Match(MotionStereoSettings? settings = null, KeyDepth? seed = null)
    {
        Rewind();
        var result = new List<float[]>();
        Matcher(settings).Run(Read, ReadAgain, (i, _, inverse, _) =>
        {
            Assert.Equal(result.Count, i);
            result.Add([.. inverse.Data.Select(w => w > 0 ? 1 / w : 0)]);
        }, seed, TestContext.Current.CancellationToken);
        return [.. result];
    }

    /// <summary>Mean |d − d*| / d* of one frame over the pixels that <paramref name="where"/> accepts.</summary>
    public double AbsRel(float[] depth, int frame, Func<int, int, bool>? where = null)
    {
        double sum = 0;
        long count = 0;
        var truth = _frames[frame].Depth;
        for (int y = 0; y < truth.Height; y++)
            for (int x = 0; x < truth.Width; x++)
                if (truth[x, y] > 0 && (where is null || where(x, y)))
                {
                    sum += Math.Abs(depth[y * truth.Width + x] - truth[x, y]) / truth[x, y];
                    count++;
                }
        return sum / count;
    }

    private static SceneDepth RangeOf(Plane<float> depth)
    {
        var sorted = depth.Data.Where(d => d > 0).Order().ToArray();
        return new(sorted[sorted.Length / 50], sorted[sorted.Length / 2], sorted[sorted.Length * 49 / 50], sorted.Length);
    }
}
