namespace MetricDepth.Rendering;

/// <summary>Where the frames of a render come from.</summary>
internal abstract class ViewSource : IDisposable
{
    /// <summary>Makes a job's buffers.</summary>
    /// <param name="width">Width of the view, px.</param>
    /// <param name="height">Height of the view, px.</param>
    /// <param name="withDepth">Whether the depth of the view is asked for.</param>
    public ViewJob CreateJob(int width, int height, bool withDepth)
    {
        var (depth, color) = CreateFrame();
        return new(depth, color, width, height) { ViewDepth = withDepth ? new(width, height) : null };
    }

    /// <summary>The buffers of a frame: BGR0 depth codes and BGR0 colour.</summary>
    protected abstract (uint[] Depth, uint[] Color) CreateFrame();

    /// <summary>Fill jobs, each on a thread of its own.</summary>
    public abstract IReadOnlyList<Func<ViewJob, bool>> Readers { get; }

    /// <summary>Frames to come; null if unknown.</summary>
    public abstract long? Total { get; }

    /// <summary>Whether all jobs show the same frame of the clip.</summary>
    public virtual bool IsOneFrame => false;

    /// <summary>Tells of what went differently than expected.</summary>
    /// <param name="frames">Frames rendered.</param>
    /// <param name="progress">Who is told.</param>
    public virtual void Report(long frames, IProgress<FrameProgress>? progress)
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
