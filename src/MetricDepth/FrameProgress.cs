namespace MetricDepth;

/// <summary>How a message that travels with progress is meant.</summary>
public enum MessageKind
{
    /// <summary>No message: a plain progress report.</summary>
    None,
    /// <summary>Detail for those who asked for it.</summary>
    Verbose,
    /// <summary>Something that the user should know of; the work goes on.</summary>
    Warning,
}

/// <summary>What progress counts.</summary>
public enum ProgressUnit
{
    /// <summary>Frames.</summary>
    Frames,
    /// <summary>Bytes of a file.</summary>
    Bytes,
}

/// <summary>One report of an operation: how many frames are done, or a message.</summary>
/// <param name="Activity">What is being done, for example <c>Matching depth</c>.</param>
/// <param name="Done">Frames (or what <paramref name="Unit"/> says) finished.</param>
/// <param name="Total">Frames in all; null when unknown.</param>
/// <param name="Message">The message's text, when <paramref name="Kind"/> is not <see cref="MessageKind.None"/>.</param>
/// <param name="Kind">How the message is meant.</param>
/// <param name="Unit">What is counted.</param>
public readonly record struct FrameProgress(
    string Activity, long Done, long? Total, string? Message = null, MessageKind Kind = MessageKind.None, ProgressUnit Unit = ProgressUnit.Frames)
{
    /// <summary>A warning.</summary>
    public static FrameProgress Warning(string message) => new("", 0, null, message, MessageKind.Warning);

    /// <summary>A verbose message.</summary>
    public static FrameProgress Verbose(string message) => new("", 0, null, message, MessageKind.Verbose);
}
