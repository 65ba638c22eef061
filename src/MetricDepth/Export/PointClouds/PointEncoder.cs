namespace MetricDepth.Export.PointClouds;

/// <summary>Points to the bytes of one file format. Records are made where the points are; the header, which counts them, at the end.</summary>
internal abstract class PointEncoder
{
    /// <summary>Makes an encoder without points.</summary>
    /// <param name="expectedBytes">Room for the records from the start.</param>
    protected PointEncoder(long expectedBytes) => Bytes = new(expectedBytes);

    /// <summary>The records.</summary>
    public ByteBlocks Bytes { get; }

    /// <summary>The most bytes that a file of so many points can take.</summary>
    public abstract long MostBytes(long points);

    /// <summary>Starts a new file.</summary>
    /// <param name="seconds">When in the clip its points were seen.</param>
    public virtual void Begin(double seconds) => Bytes.Clear();

    /// <summary>Adds records.</summary>
    public abstract void Append(PointBuffer points);

    /// <summary>The header of a file with all points since <see cref="Begin"/>; before they are all there it has its final length.</summary>
    /// <param name="count">How many points there are, or will be.</param>
    public abstract byte[] Header(long count);
}
