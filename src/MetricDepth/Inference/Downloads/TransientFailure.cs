namespace MetricDepth.Inference.Downloads;

/// <summary>A failure that another attempt may overcome.</summary>
internal sealed class TransientFailure(string reason, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>How long the server asks to be left alone; null if it does not.</summary>
    public TimeSpan? Pause { get; init; }
}
