using System.Buffers;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>
/// Makes one steady sequence of depth frames out of overlapping windows, as the original's offline mode does, with one window at hand: the
/// last frames of a window wait for the next one to be blended with it, and two frames wait for it to be aligned to them.
/// </summary>
/// <remarks>
/// What waits is kept as the network gave it, with its scale and shift; frames of the clip's size are made one at a time. Scale and shift
/// are over the resized frames, as in the original.
/// </remarks>
internal sealed class WindowStitcher
{
    private const int AlignedKeyFrame = 12;
    private const int BandRows = 16;

    private readonly bool aligns;
    private readonly int mapLength;
    private readonly AlignedResize resize;
    private readonly Plane<float> frame;
    private readonly float[] firstFrame, keyFrame, waiting;
    private Alignment previous = Alignment.Unchanged;
    private int waitingFrames;
    private bool begun;

    /// <summary>Prepares for one clip.</summary>
    /// <param name="inputWidth">Width of the network's output, px.</param>
    /// <param name="inputHeight">Height of the network's output, px.</param>
    /// <param name="width">Width of the depth wanted, px.</param>
    /// <param name="height">Height of the depth wanted, px.</param>
    /// <param name="aligns">Whether each window has a scale and shift of its own; metric windows have not.</param>
    public WindowStitcher(int inputWidth, int inputHeight, int width, int height, bool aligns)
    {
        this.aligns = aligns;
        mapLength = checked(inputWidth * inputHeight);
        resize = new(inputWidth, inputHeight, width, height);
        frame = new(width, height);
        firstFrame = new float[mapLength];
        keyFrame = new float[mapLength];
        waiting = new float[WindowRule.Blended * mapLength];
    }

    /// <summary>Takes the next window and emits the frames that it completes.</summary>
    /// <param name="outputs">The network's output for all slots; not needed after the call.</param>
    /// <param name="frames">Slots that hold frames of the clip.</param>
    /// <param name="emit">Takes the frames in order; the plane is only lent.</param>
    /// <exception cref="MetricDepthException"><c>ModelOutputUnusable</c>: the network gives numbers that are none.</exception>
    public void Add(ReadOnlyMemory<float> outputs, int frames, Action<Plane<float>> emit)
    {
        var alignment = !begun ? Alignment.Unchanged : aligns ? Fit(outputs) : Alignment.Positive;
        if (!begun) Map(outputs, 0).Span.CopyTo(firstFrame);
        else
        {
            for (int i = 0; i < waitingFrames; i++)
            {
                Blend(Waiting(i), Map(outputs, WindowRule.FirstShown + i), alignment, (float)(i * (1.0 / (WindowRule.Blended - 1))));
                emit(frame);
            }
        }
        int end = WindowRule.Length - WindowRule.Blended;
        for (int slot = begun ? WindowRule.Overlap : 0; slot < Math.Min(frames, end); slot++)
        {
            Fill(Map(outputs, slot), alignment);
            emit(frame);
        }
        Map(outputs, AlignedKeyFrame).Span.CopyTo(keyFrame);
        outputs.Span.Slice(end * mapLength, waiting.Length).CopyTo(waiting);
        waitingFrames = Math.Max(0, frames - end);
        previous = alignment;
        begun = true;
    }

    /// <summary>Emits the frames that still wait when no window follows.</summary>
    public void Complete(Action<Plane<float>> emit)
    {
        for (int i = 0; i < waitingFrames; i++)
        {
            Fill(Waiting(i), previous);
            emit(frame);
        }
        waitingFrames = 0;
    }

    private ReadOnlyMemory<float> Waiting(int i) => waiting.AsMemory(i * mapLength, mapLength);

    private ReadOnlyMemory<float> Map(ReadOnlyMemory<float> outputs, int slot) => outputs.Slice(slot * mapLength, mapLength);

    private void Fill(ReadOnlyMemory<float> map, Alignment alignment) => ForBands((y, rows, _) =>
    {
        resize.Rows(map.Span, y, rows);
        alignment.Apply(rows);
    });

    private void Blend(ReadOnlyMemory<float> before, ReadOnlyMemory<float> after, Alignment alignment, float weight) => ForBands((y, rows, others) =>
    {
        resize.Rows(before.Span, y, rows);
        resize.Rows(after.Span, y, others);
        previous.Apply(rows);
        alignment.Apply(others);
        for (int i = 0; i < rows.Length; i++) rows[i] = rows[i] * (1 - weight) + others[i] * weight;
    });

    /// <summary>The scale and shift that bring slots 0 and 1 of a window to what the clip's first frame and the last window's slot 12 were.</summary>
    private Alignment Fit(ReadOnlyMemory<float> outputs)
    {
        var sums = new NormalEquations[(resize.Height + BandRows - 1) / BandRows];
        ForBands((y, here, there) =>
        {
            ref var sum = ref sums[y / BandRows];
            resize.Rows(Map(outputs, 0).Span, y, here);
            resize.Rows(firstFrame, y, there);
            sum.Add(here, there);
            resize.Rows(Map(outputs, 1).Span, y, here);
            resize.Rows(keyFrame, y, there);
            previous.Apply(there);
            sum.Add(here, there);
        });
        var all = default(NormalEquations);
        foreach (var sum in sums) all.Add(sum); // in their order, whoever summed them
        return all.Solve();
    }

    /// <summary>Calls for each band of rows, on all cores: its first row, its rows of <see cref="frame"/>, and as many values of scratch.</summary>
    private void ForBands(BandAction action)
    {
        int bands = (resize.Height + BandRows - 1) / BandRows;
        Parallel.For(0, bands, band =>
        {
            int y = band * BandRows, length = Math.Min(BandRows, resize.Height - y) * resize.Width;
            float[] scratch = ArrayPool<float>.Shared.Rent(length);
            action(y, frame.Data.AsSpan(y * resize.Width, length), scratch.AsSpan(0, length));
            ArrayPool<float>.Shared.Return(scratch);
        });
    }

    private delegate void BandAction(int firstRow, Span<float> rows, Span<float> scratch);
}
