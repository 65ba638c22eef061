namespace MetricDepth.Depth.Import;

/// <summary>A kind of file that depth is imported from: a row of <see cref="DepthSources"/>.</summary>
internal abstract class DepthSourceKind
{
    /// <summary>How the names of such files end, with the dot.</summary>
    public abstract string Extension { get; }

    /// <summary>Whether a file holds one frame, so that a folder of them is a sequence.</summary>
    public virtual bool IsPicture => false;

    /// <summary>Whether a file begins as such files do.</summary>
    /// <param name="head">Its first bytes.</param>
    public abstract bool Begins(ReadOnlySpan<byte> head);

    /// <summary>Starts reading.</summary>
    /// <param name="files">One file, or the pictures of a folder in order.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="MetricDepthException">It cannot be read as depth.</exception>
    public abstract DepthSource Open(IReadOnlyList<string> files, DepthImportOptions options, CancellationToken cancellation);
}
