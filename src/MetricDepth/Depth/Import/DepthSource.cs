using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth.Import;

/// <summary>Depth from elsewhere, frame by frame: nothing grows with its length.</summary>
internal abstract class DepthSource : IDisposable
{
    /// <summary>Width, px.</summary>
    public required int Width { get; init; }

    /// <summary>Height, px.</summary>
    public required int Height { get; init; }

    /// <summary>Frames; null if it does not say.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Its own frame rate; null if it has none.</summary>
    public Rational? FrameRate { get; init; }

    /// <summary>Horizontal field of view, degrees; null if it does not say, or in <see cref="Tags"/>.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null if it does not say, or in <see cref="Tags"/>.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>The largest depth of what it was made of, metres; null if it does not say, or in <see cref="Tags"/>.</summary>
    public double? MaxDepth { get; init; }

    /// <summary>What it says about itself under the names of <see cref="DepthVideoTags"/>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the next frame; false at the end.</summary>
    /// <param name="depth">Metres, as they are: NaN, infinite and negative ones are the caller's to see to.</param>
    public abstract bool Read(Plane<float> depth);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what it holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
