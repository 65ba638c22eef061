namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>
/// A network that sees a window of frames at once, in two steps: each frame is encoded once into a slot, then the window's slots are
/// decoded together. Not for use by several threads at once.
/// </summary>
public interface IWindowNetwork : IDisposable
{
    /// <summary>Slots of a window, T.</summary>
    int WindowLength { get; }

    /// <summary>How many frames it encodes at once at most.</summary>
    int Batch { get; }

    /// <summary>Width of a picture, px.</summary>
    int InputWidth { get; }

    /// <summary>Height of a picture, px.</summary>
    int InputHeight { get; }

    /// <summary>Encodes <paramref name="count"/> pictures into slots <paramref name="firstSlot"/> and following.</summary>
    /// <param name="pictures">count×3×InputHeight×InputWidth, normalised.</param>
    /// <param name="firstSlot">0 ≤ firstSlot, firstSlot + count ≤ T.</param>
    /// <param name="count">1 to <see cref="Batch"/>.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    void Encode(ReadOnlyMemory<float> pictures, int firstSlot, int count, CancellationToken cancellation);

    /// <summary>Makes slot <paramref name="to"/> hold what slot <paramref name="from"/> holds.</summary>
    void CopySlot(int from, int to);

    /// <summary>The network's output: T×InputHeight×InputWidth. Valid until the next time.</summary>
    /// <param name="slots">How many of the first slots are wanted, 1 to T; what is behind them may be anything. All slots have a say in it.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    ReadOnlyMemory<float> Decode(int slots, CancellationToken cancellation);
}
