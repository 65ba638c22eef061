namespace MetricDepth.Imaging.OpenExr;

/// <summary>What can be wrong with an EXR file, in words.</summary>
/// <param name="Path">The file.</param>
internal readonly record struct ExrFailures(string Path)
{
    private const string Advice = "Save it as a single-part scan-line EXR with ZIP compression, for example with: oiiotool IN.exr --scanline --compression zip -o OUT.exr";

    /// <param name="why">The end of a sentence.</param>
    /// <param name="inner">The cause.</param>
    public MetricDepthException Malformed(string why, Exception? inner = null) => new("ExrMalformed", FailureKind.InvalidData,
        $"'{Path}' cannot be read as an EXR picture: {why}. Replace it, or leave it out.", inner);

    /// <param name="what">The end of a sentence.</param>
    public MetricDepthException Unsupported(string what) => new("ExrUnsupported", FailureKind.InvalidData,
        $"'{Path}' {what}, which is not read here. {Advice}");

    /// <param name="why">The end of a sentence.</param>
    public MetricDepthException NotDepth(string why) => new("ExrNotDepth", FailureKind.InvalidData,
        $"'{Path}' {why}. Give files with one channel of depth, named Z or Y.");
}
