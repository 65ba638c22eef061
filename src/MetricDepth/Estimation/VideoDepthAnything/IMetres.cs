using MetricDepth.Depth;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>How a video network's values become metres. Calls come in order, one at a time.</summary>
internal interface IMetres : IDisposable
{
    /// <summary>What the metres rest on.</summary>
    DepthScale Scale { get; }

    /// <summary>Whether another network runs in <see cref="Convert"/>.</summary>
    bool RunsNetwork { get; }

    /// <summary>Sees the network's maps of the first window before any frame is converted.</summary>
    void Begin(ReadOnlySpan<float> maps);

    /// <summary>Converts the next frame in place; 0 where there is no depth.</summary>
    void Convert(Plane<float> frame);
}
