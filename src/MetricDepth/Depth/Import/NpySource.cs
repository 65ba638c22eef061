using MetricDepth.Imaging;

namespace MetricDepth.Depth.Import;

/// <summary>The pictures of a NumPy array.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="frames">The array.</param>
/// <param name="unit">Metres a step.</param>
/// <param name="owned">Disposed with this, in this order.</param>
internal sealed class NpySource(string path, NpyFrames frames, double unit, IReadOnlyList<IDisposable> owned) : DepthSource
{
    /// <inheritdoc/>
    public override bool Read(Plane<float> depth)
    {
        try
        {
            if (!frames.Read(depth.Span)) return false;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Malformed(path, e);
        }
        if (unit != 1)
            foreach (ref float d in depth.Span) d = (float)(d * unit);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var o in owned) o.Dispose();
    }

    /// <summary>A file that is not what it should be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="e">Its message is the end of a sentence.</param>
    public static MetricDepthException Malformed(string path, Exception e) => new("NpyMalformed", FailureKind.InvalidData,
        $"'{path}' cannot be read as a NumPy array of depth: {e.Message.TrimEnd('.')}. Save it anew with numpy.save, as float32 metres of the shape (frames, height, width).", e);
}
