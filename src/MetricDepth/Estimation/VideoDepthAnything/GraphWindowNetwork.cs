using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>
/// Video-Depth-Anything by three graphs: the encoder writes what it finds in a frame straight into the frame's slot, the temporal head reads
/// the slots of the whole window in place, and the decoder makes depth out of some slots at a time. Nothing is allocated after the first window.
/// </summary>
public sealed class GraphWindowNetwork : IWindowNetwork
{
    private readonly OnnxModel encoder, temporal, decoder;
    private readonly OnnxBinding encoding, attending, decoding;
    private readonly SlotBuffer[] levels;
    private readonly SlotBuffer pictures, path, depth;
    private readonly int decodedAtOnce;

    /// <summary>Makes the graphs and loads them.</summary>
    /// <param name="network">The weights; their file has to be open only during this call.</param>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    /// <param name="batch">How many frames are encoded, and decoded, at once.</param>
    /// <param name="options">What runs it.</param>
    /// <exception cref="MetricDepthException">The device cannot be had, or there is not enough memory.</exception>
    public GraphWindowNetwork(VideoDepthAnythingNetwork network, int width, int height, int batch, OnnxModelOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        (InputWidth, InputHeight, WindowLength) = (width, height, network.WindowLength);
        Batch = Math.Min(batch, WindowLength);
        decodedAtOnce = Batch;
        var owned = new Stack<IDisposable>();
        try
        {
            Choice = InferenceDevices.Resolve(options);
            var precision = Choice.Precision;
            options = options with { MemoryLimit = options.MemoryLimit / 3 }; // each session has an arena of its own on a GPU
            var target = GraphTargets.For(Choice.Device);
            encoder = Own(OnnxModel.Open(network.EncoderGraph(width, height, precision, target: target).InMemory(), options));
            temporal = Own(OnnxModel.Open(network.TemporalGraph(width, height, precision, target: target).InMemory(), options));
            decoder = Own(OnnxModel.Open(network.DecoderGraph(width, height, precision, target: target).InMemory(), options));
            encoding = Own(encoder.Bind());
            attending = Own(temporal.Bind());
            decoding = Own(decoder.Bind());

            levels = [.. network.LevelSizes(width, height).Select(size => Own(new SlotBuffer(WindowLength, size.Channels, size.Height, size.Width)))];
            var (channels, pathHeight, pathWidth) = network.PathSize(width, height);
            path = Own(new SlotBuffer(WindowLength, channels, pathHeight, pathWidth));
            depth = Own(new SlotBuffer(WindowLength, height, width));
            pictures = Own(new SlotBuffer(Batch, 3, height, width));
            attending.BindInput(VideoDepthAnythingNetwork.Levels[2], levels[2].View(0, WindowLength));
            attending.BindInput(VideoDepthAnythingNetwork.Levels[3], levels[3].View(0, WindowLength));
            attending.BindOutput(VideoDepthAnythingNetwork.Path, path.View(0, WindowLength));
            BindEncoder(0, Batch);
            BindDecoder(0, decodedAtOnce);
            foreach (var binding in (OnnxBinding[])[encoding, attending, decoding]) binding.WarmUp(CancellationToken.None);
        }
        catch
        {
            foreach (var item in owned) item.Dispose();
            throw;
        }

        T Own<T>(T item) where T : IDisposable
        {
            owned.Push(item);
            return item;
        }
    }

    /// <inheritdoc/>
    public int WindowLength { get; }

    /// <inheritdoc/>
    public int Batch { get; }

    /// <inheritdoc/>
    public int InputWidth { get; }

    /// <inheritdoc/>
    public int InputHeight { get; }

    /// <summary>What runs it, and why.</summary>
    public DeviceChoice Choice { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlyMemory<float> pictures, int firstSlot, int count, CancellationToken cancellation)
    {
        pictures.Span.CopyTo(this.pictures.View(0, count).Values.Span);
        BindEncoder(firstSlot, count);
        encoding.Run(cancellation);
    }

    /// <inheritdoc/>
    public void CopySlot(int from, int to)
    {
        foreach (var level in levels) level.Copy(from, to);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Decode(int slots, CancellationToken cancellation)
    {
        attending.Run(cancellation);
        for (int first = 0; first < slots; first += decodedAtOnce)
        {
            int count = Math.Min(decodedAtOnce, slots - first);
            BindDecoder(first, count);
            decoding.Run(cancellation);
        }
        return depth.Values;
    }

    /// <summary>Frees the network's memory.</summary>
    public void Dispose()
    {
        IDisposable[] all = [encoding, attending, decoding, encoder, temporal, decoder, .. levels, path, depth, pictures];
        foreach (var item in all) item.Dispose();
    }

    private void BindEncoder(int firstSlot, int count)
    {
        encoding.BindInput(VideoDepthAnythingNetwork.PictureInput, pictures.View(0, count));
        for (int i = 0; i < levels.Length; i++) encoding.BindOutput(VideoDepthAnythingNetwork.Levels[i], levels[i].View(firstSlot, count));
    }

    private void BindDecoder(int firstSlot, int count)
    {
        decoding.BindInput(VideoDepthAnythingNetwork.Levels[0], levels[0].View(firstSlot, count));
        decoding.BindInput(VideoDepthAnythingNetwork.Levels[1], levels[1].View(firstSlot, count));
        decoding.BindInput(VideoDepthAnythingNetwork.Path, path.View(firstSlot, count));
        decoding.BindOutput(VideoDepthAnythingNetwork.DepthOutput, depth.View(firstSlot, count));
    }

    /// <summary>One tensor for each slot, one behind the other, and the views of some neighbouring ones.</summary>
    private sealed class SlotBuffer : IDisposable
    {
        private readonly TensorBuffer buffer;
        private readonly long[] shape;
        private readonly int length;
        private readonly Dictionary<(int First, int Count), TensorView> views = [];

        public SlotBuffer(int slots, params ReadOnlySpan<int> shape)
        {
            this.shape = [.. shape];
            long count = this.shape.Aggregate(1L, (product, size) => product * size);
            buffer = new(checked(slots * count));
            length = (int)count;
        }

        public ReadOnlyMemory<float> Values => buffer.Memory;

        public TensorView View(int first, int count)
        {
            if (!views.TryGetValue((first, count), out var view))
                views[(first, count)] = view = buffer.View((long)first * length, [count, .. shape]);
            return view;
        }

        public void Copy(int from, int to)
        {
            var all = buffer.GetSpan();
            all.Slice(from * length, length).CopyTo(all.Slice(to * length, length));
        }

        public void Dispose() => buffer.Dispose();
    }
}
