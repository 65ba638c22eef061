using MetricDepth.Imaging;
using MetricDepth.Imaging.OpenExr;

namespace MetricDepth.Depth.Import;

/// <summary>EXR pictures.</summary>
internal sealed class ExrKind : DepthSourceKind
{
    /// <inheritdoc/>
    public override string Extension => ".exr";

    /// <inheritdoc/>
    public override bool IsPicture => true;

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> head) => head.StartsWith(ExrHeader.Magic);

    /// <inheritdoc/>
    public override DepthSource Open(IReadOnlyList<string> files, DepthImportOptions options, CancellationToken cancellation)
    {
        var first = ExrReader.ReadHeader(files[0]);
        foreach (string file in files.Skip(1))
        {
            cancellation.ThrowIfCancellationRequested();
            var header = ExrReader.ReadHeader(file);
            ExrReader.ThrowIfSizesDiffer(file, header, (int)first.DisplayWindow.Width, (int)first.DisplayWindow.Height);
        }
        return new Source(files, options.DepthUnit)
        {
            Width = (int)first.DisplayWindow.Width,
            Height = (int)first.DisplayWindow.Height,
            FrameCount = files.Count,
            FrameRate = first.Ratio("framesPerSecond") is { Numerator: > 0 } rate && rate.Numerator < 1e6 * rate.Denominator ? new(rate.Numerator, rate.Denominator) : null,
            Tags = first.Texts,
        };
    }

    private sealed class Source(IReadOnlyList<string> files, double? unit) : DepthSource
    {
        private readonly ExrReader _reader = new();
        private int _next;

        public override bool Read(Plane<float> depth)
        {
            if (_next == files.Count) return false;
            var type = _reader.Read(files[_next++], depth);
            double step = unit ?? (type == ExrPixelType.UInt ? StoredUnit.Millimetre : 1);
            if (step != 1)
                foreach (ref float d in depth.Span) d = (float)(d * step);
            return true;
        }
    }
}
