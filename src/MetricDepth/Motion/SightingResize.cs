using System.Numerics;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>Sightings at a clip's size as the solvers take them, at the size that their pixel distances are meant for.</summary>
internal sealed class SightingResize(int width, int height, int workingWidth, int workingHeight)
{
    private readonly Vector2 _scale = new((float)((double)workingWidth / width), (float)((double)workingHeight / height));

    /// <summary>The same frame, its points moved with pixel centres at integers.</summary>
    public TrackedFrame Run(SightedFrame frame)
    {
        if (_scale == Vector2.One) return new(frame.Index, false, frame.Ids, frame.Points);
        var half = new Vector2(0.5f);
        var points = new Vector2[frame.Points.Length];
        for (int i = 0; i < points.Length; i++) points[i] = (frame.Points[i] + half) * _scale - half;
        return new(frame.Index, false, frame.Ids, points);
    }
}
