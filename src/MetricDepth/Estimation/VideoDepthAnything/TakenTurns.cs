namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>A network that waits for its turn: two that run at the same time only take the cores, or the GPU's memory, from each other.</summary>
internal sealed class TakenTurns(IWindowNetwork network, Lock turn) : IWindowNetwork
{
    public int WindowLength => network.WindowLength;

    public int Batch => network.Batch;

    public int InputWidth => network.InputWidth;

    public int InputHeight => network.InputHeight;

    public void Encode(ReadOnlyMemory<float> pictures, int firstSlot, int count, CancellationToken cancellation)
    {
        lock (turn) network.Encode(pictures, firstSlot, count, cancellation);
    }

    public void CopySlot(int from, int to) => network.CopySlot(from, to);

    public ReadOnlyMemory<float> Decode(int slots, CancellationToken cancellation)
    {
        lock (turn) return network.Decode(slots, cancellation);
    }

    public void Dispose() => network.Dispose();
}
