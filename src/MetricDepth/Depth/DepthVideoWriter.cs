using MetricDepth.Imaging;

namespace MetricDepth.Depth;

/// <summary>Writes a depth video with its tags.</summary>
public sealed class DepthVideoWriter : IDisposable
{
    /// <summary>Starts writing.</summary>
    /// <param name="video">Path, size, rate and facts of the file to be made.</param>
    /// <param name="overwrite">Replace an existing file.</param>
    /// <param name="cancellation">Stops the encoder.</param>
    public static DepthVideoWriter Open(DepthVideo video, bool overwrite, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Pixels clamped to the largest depth so far.</summary>
    public long ClampedPixels { get; private set; }

    /// <summary>Writes the next frame, metres, 0 = no depth.</summary>
    public void Write(Plane<float> depth) => throw new NotImplementedException();

    /// <summary>Finishes, verifies and renames.</summary>
    public DepthVideo Complete() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
