namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>Takes a window's depth.</summary>
/// <param name="frames">Slots that hold frames of the clip; those behind repeat the last one.</param>
/// <param name="outputs">The network's output; anything for slots behind those. Lent until the task has ended.</param>
internal delegate Task WindowSink(int frames, ReadOnlyMemory<float> outputs);

/// <summary>
/// Takes a clip through a window network. Each frame is encoded once: what later windows share with earlier ones, and the repeated last
/// frame behind the clip's end, are copies of encoded slots. The next pictures are prepared while these are encoded, and a window's depth is
/// put to use while the next window is encoded.
/// </summary>
internal sealed class WindowSequence
{
    private readonly IWindowNetwork network;
    private readonly int pictureLength;
    private readonly float[][] pictures;

    /// <summary>Prepares for one clip.</summary>
    public WindowSequence(IWindowNetwork network)
    {
        if (network.WindowLength != WindowRule.Length)
            throw new ArgumentException($"The window has {network.WindowLength} slots, not {WindowRule.Length}.", nameof(network));
        this.network = network;
        pictureLength = checked(3 * network.InputWidth * network.InputHeight);
        pictures = [Buffer(), Buffer()];

        float[] Buffer() => new float[checked(Math.Min(network.Batch, WindowRule.Length) * pictureLength)];
    }

    /// <summary>Passes over the clip.</summary>
    /// <param name="source">The clip's frames; read by another thread, one call at a time.</param>
    /// <param name="sink">Takes the windows in order. A window is not decoded before the task for the one before has ended.</param>
    /// <param name="encoded">Told how many frames are encoded.</param>
    /// <param name="cancellation">Stops between two layers of the network.</param>
    /// <returns>Frames of the clip.</returns>
    public long Run(IPictureSource source, WindowSink sink, Action<long> encoded, CancellationToken cancellation)
    {
        int turn = 0;
        int wanted = Math.Min(network.Batch, WindowRule.Length);
        var reading = Read(source, turn, wanted);
        var shown = Task.CompletedTask;
        try
        {
            long total = 0;
            bool ended = false;
            for (int first = 0; ; first = WindowRule.Overlap)
            {
                if (first > 0) Reuse();
                int slot = first;
                while (!ended && slot < WindowRule.Length)
                {
                    int got = Result(reading);
                    ended = got < wanted;
                    int here = turn;
                    if (!ended)
                    {
                        int room = WindowRule.Length - slot - got;
                        wanted = Math.Min(network.Batch, room > 0 ? room : WindowRule.Step);
                        reading = Read(source, turn ^= 1, wanted);
                    }
                    if (got == 0) break;
                    if (shown.IsFaulted) Result(shown); // a full disk should not show only when the window is full
                    network.Encode(pictures[here].AsMemory(0, got * pictureLength), slot, got, cancellation);
                    slot += got;
                    encoded(total += got);
                }
                if (slot == 0) return 0;
                for (int padding = slot; padding < WindowRule.Length; padding++) network.CopySlot(slot - 1, padding);
                Result(shown);
                cancellation.ThrowIfCancellationRequested();
                shown = sink(slot, network.Decode(slot, cancellation));
                // The next window adds nothing to a clip that ends before this one's blended frames, or at the first, where its weight is 0.
                if (ended && slot <= WindowRule.Length - WindowRule.Blended + 1) break;
            }
            Result(shown);
            return total;
        }
        finally
        {
            Settle(reading);
            Settle(shown);
        }
    }

    private Task<int> Read(IPictureSource source, int turn, int count) => Task.Run(() => source.Read(pictures[turn], count));

    private void Reuse()
    {
        // every frame that moves comes from a slot behind those that are overwritten
        for (int i = 0; i < WindowRule.Overlap; i++)
            if (WindowRule.KeyFrames[i] != i) network.CopySlot(WindowRule.KeyFrames[i], i);
    }

    private static void Result(Task task) => task.GetAwaiter().GetResult();

    private static int Result(Task<int> task) => task.GetAwaiter().GetResult();

    /// <summary>Waits until nothing works on the buffers any more; what went wrong is known by then, or does not matter.</summary>
    private static void Settle(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
}
