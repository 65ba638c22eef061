namespace MetricDepth.Video;

/// <summary>
/// Stages that overlap: readers in sequence, ordered workers, one writer, with a fixed number of recycled jobs between them
/// (DESIGN §5). A job holds every buffer one frame needs; a handful exist, whatever the clip's length.
/// </summary>
/// <typeparam name="TJob">The buffers of one frame in flight.</typeparam>
public sealed class FramePipeline<TJob> where TJob : class
{
    /// <summary>Makes one job's buffers; called a fixed number of times.</summary>
    public required Func<TJob> CreateJob { get; init; }

    /// <summary>Readers, each on a thread of its own, each given the jobs in order; the first false ends the video.</summary>
    public required IReadOnlyList<Func<TJob, bool>> Readers { get; init; }

    /// <summary>The work on one frame; runs on <see cref="Workers"/> threads at once.</summary>
    public required Action<TJob> Transform { get; init; }

    /// <summary>Takes finished jobs in frame order, on one thread.</summary>
    public required Action<TJob> Write { get; init; }

    /// <summary>Threads that transform.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Runs to the end of the video.</summary>
    /// <returns>Frames written.</returns>
    public long Run(CancellationToken cancellation) => throw new NotImplementedException();
}
