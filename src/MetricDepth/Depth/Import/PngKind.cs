using System.Runtime.InteropServices;
using MetricDepth.Imaging;

namespace MetricDepth.Depth.Import;

/// <summary>16-bit grey PNG pictures.</summary>
internal sealed class PngKind : DepthSourceKind
{
    /// <inheritdoc/>
    public override string Extension => ".png";

    /// <inheritdoc/>
    public override bool IsPicture => true;

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> head) => head.StartsWith(PngHeader.Signature);

    /// <inheritdoc/>
    public override DepthSource Open(IReadOnlyList<string> files, DepthImportOptions options, CancellationToken cancellation)
    {
        var first = PngHeader.Read(files[0]);
        foreach (string file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var header = PngHeader.Read(file);
            if (!header.IsDepth) throw GrayVideoKind.NotGray(file, $"{header.BitDepth}-bit {(header.IsGray ? "grey" : "colour")}");
            if ((header.Width, header.Height) != (first.Width, first.Height))
                throw new MetricDepthException("SizesDiffer", FailureKind.InvalidData,
                    $"'{file}' is {header.Width}x{header.Height} px, the first image {first.Width}x{first.Height}. All images of a sequence need one size.");
        }
        var tags = PngTexts.Read(files[0]);
        var levels = new LevelTable(LevelTable.Encoding(options.DepthUnit, tags) ?? new(StoredUnit.Millimetre), ushort.MaxValue);
        return new Source(new(files, cancellation), levels, first.Width * first.Height)
        {
            Width = first.Width,
            Height = first.Height,
            FrameCount = files.Count,
            Tags = tags,
        };
    }

    private sealed class Source(PngSequenceReader reader, LevelTable levels, int pixels) : DepthSource
    {
        private readonly ushort[] _steps = new ushort[pixels];

        public override bool Read(Plane<float> depth)
        {
            if (!reader.Read(MemoryMarshal.AsBytes(_steps.AsSpan()))) return false;
            levels.Decode(_steps, depth.Span);
            return true;
        }

        protected override void Dispose(bool disposing) => reader.Dispose();
    }
}
