using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// A NumPy archive: <c>depth</c> (float32, (frames, H, W), metres, 0 = no depth), <c>frame_numbers</c>, <c>frame_rate</c>,
/// <c>max_depth</c> and, where the field of view is known, <c>intrinsics</c> (3×3, px, pixel centres at integers).
/// </summary>
internal sealed class NpzFormat : IDepthVideoFormat
{
    // a sensor's noisy depth; what networks make takes about half
    private const double BytesPerPixel = 1;

    /// <inheritdoc/>
    public DepthVideoParameters Parameters => DepthVideoParameters.None;

    /// <inheritdoc/>
    public string DefaultPath(string depthPath) => depthPath + ".npz";

    /// <inheritdoc/>
    public ExportSize Size(DepthVideoExportOptions options) => new(1,
        BytesPerPixel * options.Depth.Width * options.Depth.Height * (options.Count(options.Depth.FrameCount) ?? 1), IsLimit: false);

    /// <inheritdoc/>
    public DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation) => new Target(facts);

    private sealed class Target : ArrayTarget
    {
        private readonly DepthVideoFacts _facts;
        private readonly NpzDepthWriter _writer;
        private readonly List<long> _numbers = [];

        public Target(DepthVideoFacts facts)
            : base(facts)
        {
            _facts = facts;
            _writer = new(Stream, facts.Width, facts.Height);
        }

        public override DepthFrameEncoder CreateEncoder() => new Encoder(_facts.Width * _facts.Height);

        protected override void Add(long frame, DepthFrameEncoder encoded)
        {
            _writer.Add(((Encoder)encoded).Frame);
            _numbers.Add(frame);
        }

        protected override void Finish()
        {
            List<(string, NpyHeader, byte[])> others =
            [
                ("frame_numbers", new(NpyHeader.Int64, false, [_numbers.Count]), LittleEndian.Bytes(_numbers.ToArray())),
                ("frame_rate", new(NpyHeader.Float64, false, []), LittleEndian.Bytes(_facts.FrameRate.Value)),
                ("max_depth", new(NpyHeader.Float64, false, []), LittleEndian.Bytes(_facts.Source.MaxDepth)),
            ];
            if (_facts.Camera is { } c)
                others.Add(("intrinsics", new(NpyHeader.Float64, false, [3, 3]), LittleEndian.Bytes(c.Fx, 0, c.Cx, 0, c.Fy, c.Cy, 0, 0, 1)));
            _writer.Complete(others);
        }
    }

    private sealed class Encoder(int pixels) : DepthFrameEncoder
    {
        private readonly byte[] _bytes = new byte[pixels * sizeof(float)];
        private readonly MemoryStream _packed = new();

        public DeflatedPiece Frame { get; private set; }

        public override ReadOnlySpan<byte> Bytes => Frame.Packed.Span;

        public override void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color) => Frame = NpzDepthWriter.Pack(depth, _bytes, _packed);
    }
}
