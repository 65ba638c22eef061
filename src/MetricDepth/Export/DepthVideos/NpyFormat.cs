using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A NumPy array of all frames: float32, (frames, H, W), metres, 0 = no depth.</summary>
internal sealed class NpyFormat : IDepthVideoFormat
{
    /// <inheritdoc/>
    public DepthVideoParameters Parameters => DepthVideoParameters.None;

    /// <inheritdoc/>
    public string DefaultPath(string depthPath) => depthPath + ".npy";

    /// <inheritdoc/>
    public ExportSize Size(DepthVideoExportOptions options) => new(1,
        NpyDepthWriter.HeaderBytes + (double)sizeof(float) * options.Depth.Width * options.Depth.Height * (options.Count(options.Depth.FrameCount) ?? 1), IsLimit: true);

    /// <inheritdoc/>
    public DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation) => new Target(facts);

    private sealed class Target : ArrayTarget
    {
        private readonly DepthVideoFacts _facts;
        private readonly NpyDepthWriter _writer;

        public Target(DepthVideoFacts facts)
            : base(facts)
        {
            _facts = facts;
            _writer = new(Stream, facts.Width, facts.Height);
        }

        public override DepthFrameEncoder CreateEncoder() => new Encoder(_facts.Width * _facts.Height);

        protected override void Add(long frame, DepthFrameEncoder encoded) => _writer.Write(encoded.Bytes);

        protected override void Finish() => _writer.Complete();
    }

    private sealed class Encoder(int pixels) : DepthFrameEncoder
    {
        private readonly byte[] _bytes = new byte[pixels * sizeof(float)];

        public override ReadOnlySpan<byte> Bytes => _bytes;

        public override void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color) => LittleEndian.Write(depth, _bytes);
    }
}
