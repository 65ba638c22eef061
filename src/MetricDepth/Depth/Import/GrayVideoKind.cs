using System.Runtime.InteropServices;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth.Import;

/// <summary>Grey video: 16 bits in one channel, or 8 in one or in three equal ones. What is stored with loss is no depth.</summary>
internal sealed class GrayVideoKind : DepthSourceKind
{
    private const int Highest8 = 255;

    /// <inheritdoc/>
    public override string Extension => ".mkv";

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> head) => true; // ffprobe decides

    /// <inheritdoc/>
    public override DepthSource Open(IReadOnlyList<string> files, DepthImportOptions options, CancellationToken cancellation)
    {
        string path = files[0];
        var clip = VideoProbe.Probe(path, cancellation);
        string format = clip.Source.PixelFormat;
        bool is16Bit = format.StartsWith("gray16", StringComparison.Ordinal), isRgb = DepthVideoReader.IsRgb(format);
        if (clip.Tags.ContainsKey(DepthVideoTags.Version))
            throw new MetricDepthException("IsDepthVideo", FailureKind.InvalidData, $"'{path}' is a depth video already. Open it with Get-DepthVideo.");
        if (!is16Bit && !isRgb && format != "gray") throw NotGray(path, format);
        var encoding = LevelTable.Encoding(options.DepthUnit, clip.Tags) ?? (is16Bit ? new(StoredUnit.Millimetre) : throw StoredUnit.Missing(path));
        var reader = FrameReader.Open(clip, new() { Layout = is16Bit ? PixelLayout.Gray16 : isRgb ? PixelLayout.Bgr0 : PixelLayout.Gray8, MaxFrames = options.MaxFrames }, cancellation);
        return new Source(reader, new(encoding, is16Bit ? ushort.MaxValue : Highest8), path)
        {
            Width = clip.Width,
            Height = clip.Height,
            FrameRate = clip.FrameRate,
            FrameCount = clip.FrameCount,
            Tags = clip.Tags,
        };
    }

    /// <summary>A file that holds no exact grey.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it holds.</param>
    public static MetricDepthException NotGray(string path, string what) => new("NotSixteenBitGray", FailureKind.InvalidData,
        $"'{path}' holds {what}, not 16-bit grey. Give the sensor's own 16-bit depth; a depth video in our format opens with Get-DepthVideo.");

    private sealed class Source(FrameReader reader, LevelTable levels, string path) : DepthSource
    {
        private readonly byte[] _frame = new byte[reader.FrameBytes];

        public override bool Read(Plane<float> depth)
        {
            if (!reader.Read(_frame)) return false;
            if (_frame.Length == depth.Data.Length) levels.Decode(_frame, depth.Span);
            else if (_frame.Length == sizeof(ushort) * depth.Data.Length) levels.Decode(MemoryMarshal.Cast<byte, ushort>(_frame), depth.Span);
            else levels.Decode(Equal(_frame), depth.Span);
            return true;
        }

        protected override void Dispose(bool disposing) => reader.Dispose();

        // Three channels to one, in place: byte i is written when pixel i has been read.
        private Span<byte> Equal(Span<byte> bgr0)
        {
            int pixels = bgr0.Length / sizeof(uint);
            for (int i = 0; i < pixels; i++)
            {
                byte green = bgr0[4 * i + 1];
                if (bgr0[4 * i] != green || bgr0[4 * i + 2] != green)
                    throw new MetricDepthException("NotSixteenBitGray", FailureKind.InvalidData,
                        $"'{path}' holds colours, not grey. A depth video in our format, or the Python toolbox's, opens with Get-DepthVideo.");
                bgr0[i] = green;
            }
            return bgr0[..pixels];
        }
    }
}
