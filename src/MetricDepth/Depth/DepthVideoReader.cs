using MetricDepth.Imaging;

namespace MetricDepth.Depth;

/// <summary>Frames of a depth video in metres.</summary>
public sealed class DepthVideoReader : IDisposable
{
    /// <summary>Opens the facts of a depth video; a file without our tags is read with the defaults.</summary>
    public static DepthVideo Probe(string path, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Starts reading.</summary>
    public static DepthVideoReader Open(DepthVideo video, CancellationToken cancellation, long? maxFrames = null) => throw new NotImplementedException();

    /// <summary>Reads the next frame, metres, 0 = no depth; false at the end.</summary>
    public bool Read(Plane<float> depth) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
