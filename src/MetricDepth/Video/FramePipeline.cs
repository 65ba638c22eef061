using System.Runtime.ExceptionServices;

namespace MetricDepth.Video;

/// <summary>
/// Stages that overlap: readers in sequence, ordered workers, one writer, with a fixed number of recycled jobs between them
/// (DESIGN §5). A job holds every buffer one frame needs; a handful exist, whatever the clip's length. The first job and the first
/// worker are measured, and only as many are made as fit into <see cref="MemoryBudget"/>: many for small frames, few for large ones.
/// </summary>
/// <typeparam name="TJob">The buffers of one frame in flight.</typeparam>
public sealed class FramePipeline<TJob> where TJob : class
{
    private const int FewestJobs = 2;

    // A slot of the ring holds frame n where n % slots.Length is its index. Its stage counts up: 0 free, 1 to R read by so many
    // readers, then claimed by a worker, then transformed; the writer sets it back to 0.
    private readonly object _gate = new();
    private int[] _stages = [];
    private TJob[] _jobs = [];
    private long _nextToClaim;
    private long _freed;
    private long _end = long.MaxValue;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes one job's buffers; called a fixed number of times.</summary>
    public required Func<TJob> CreateJob { get; init; }

    /// <summary>Readers, each on a thread of its own, each given the jobs in order; the first false ends the video.</summary>
    public required IReadOnlyList<Func<TJob, bool>> Readers { get; init; }

    /// <summary>Makes a worker: what does the work on one frame, with scratch buffers of its own.</summary>
    public required Func<Action<TJob>> CreateWorker { get; init; }

    /// <summary>Takes finished jobs in frame order, on one thread.</summary>
    public required Action<TJob> Write { get; init; }

    /// <summary>The most threads that transform.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Bytes that all buffers may take together. One worker and two jobs there are whatever they take: with fewer, stages could
    /// not overlap.
    /// </summary>
    public long MemoryBudget { get; init; } = 3L << 29;

    private int Claimed => Readers.Count + 1;

    private int Transformed => Readers.Count + 2;

    /// <summary>Runs to the end of the video.</summary>
    /// <returns>Frames written.</returns>
    public long Run(CancellationToken cancellation)
    {
        var (firstJob, jobBytes) = Measure(CreateJob);
        var (firstWorker, workerBytes) = Measure(CreateWorker);
        // A worker is of use when there is a job for it and one more to be read or written meanwhile.
        int workers = (int)Math.Clamp((MemoryBudget - jobBytes) / (workerBytes + jobBytes), 1, Workers);
        int count = (int)Math.Clamp((MemoryBudget - workers * workerBytes) / jobBytes, FewestJobs, workers + Readers.Count + 2);
        (_stages, _nextToClaim, _freed, _end, _failure) = (new int[count], 0, 0, long.MaxValue, null);
        _jobs = [firstJob, .. Enumerable.Range(1, count - 1).Select(_ => CreateJob())];
        using var registration = cancellation.Register(() => Stop(new OperationCanceledException(cancellation)));
        List<Thread> threads = [];
        for (int i = 0; i < Readers.Count; i++)
        {
            int stage = i;
            threads.Add(Start(() => ReadLoop(Readers[stage], stage)));
        }
        for (int i = 0; i < workers; i++)
        {
            var transform = i == 0 ? firstWorker : CreateWorker();
            threads.Add(Start(() => WorkLoop(transform)));
        }
        long written = 0;
        Guard(() => written = WriteLoop());
        foreach (var thread in threads) thread.Join();
        _failure?.Throw();
        return written;
    }

    private static (T Made, long Bytes) Measure<T>(Func<T> make)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var made = make();
        return (made, Math.Max(1, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private void ReadLoop(Func<TJob, bool> read, int stage)
    {
        for (long frame = 0; ; frame++)
        {
            if (!WaitFor(frame, stage)) return;
            if (!read(_jobs[frame % _jobs.Length]))
            {
                lock (_gate)
                {
                    _end = Math.Min(_end, frame);
                    Monitor.PulseAll(_gate);
                }
                return;
            }
            Advance(frame, stage + 1);
        }
    }

    private void WorkLoop(Action<TJob> transform)
    {
        while (true)
        {
            long frame;
            lock (_gate)
            {
                while (_failure is null && _nextToClaim < _end && _stages[_nextToClaim % _stages.Length] != Readers.Count) Monitor.Wait(_gate);
                if (_failure is not null || _nextToClaim >= _end) return;
                frame = _nextToClaim++;
                _stages[frame % _stages.Length] = Claimed;
            }
            transform(_jobs[frame % _jobs.Length]);
            Advance(frame, Transformed);
        }
    }

    private long WriteLoop()
    {
        long frame = 0;
        for (; WaitFor(frame, Transformed); frame++)
        {
            Write(_jobs[frame % _jobs.Length]);
            Advance(frame, 0);
        }
        return frame;
    }

    /// <summary>Waits until the frame has come so far; false when the video has ended before it, or the run has failed.</summary>
    private bool WaitFor(long frame, int stage)
    {
        lock (_gate)
        {
            while (_failure is null && frame < _end && !(_stages[frame % _stages.Length] == stage && IsTurn(frame, stage))) Monitor.Wait(_gate);
            return _failure is null && frame < _end;
        }
    }

    /// <summary>A slot is free for its next frame only when the writer has let go of the one before; other stages belong to one frame.</summary>
    private bool IsTurn(long frame, int stage) => stage != 0 || frame < _freed + _stages.Length;

    private void Advance(long frame, int stage)
    {
        lock (_gate)
        {
            _stages[frame % _stages.Length] = stage;
            if (stage == 0) _freed = frame + 1;
            Monitor.PulseAll(_gate);
        }
    }

    private Thread Start(Action body)
    {
        var thread = new Thread(() => Guard(body)) { IsBackground = true, Name = "frame pipeline" };
        thread.Start();
        return thread;
    }

    private void Guard(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    private void Stop(Exception e)
    {
        lock (_gate)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            Monitor.PulseAll(_gate);
        }
    }
}
