namespace MetricDepth;

/// <summary>What kind of thing went wrong; a shell maps it to its own error categories.</summary>
public enum FailureKind
{
    /// <summary>A parameter's value cannot be used.</summary>
    InvalidArgument,
    /// <summary>A file's content cannot be used (damaged, wrong type, wrong size).</summary>
    InvalidData,
    /// <summary>A file or folder does not exist.</summary>
    NotFound,
    /// <summary>The destination exists and overwriting was not asked for.</summary>
    AlreadyExists,
    /// <summary>A file cannot be read or written (rights, full disk).</summary>
    Storage,
    /// <summary>A program or library that the work needs is not installed.</summary>
    MissingDependency,
    /// <summary>The input is sound but holds too little for the method (no parallax, no texture).</summary>
    InsufficientInformation,
    /// <summary>An external program (ffmpeg, a model) failed.</summary>
    ExternalTool,
}

/// <summary>A failure that a user can act on: a stable id for scripts, and a message that ends with what to do next.</summary>
public sealed class MetricDepthException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="errorId">A stable PascalCase id, for example <c>InsufficientParallax</c>.</param>
    /// <param name="kind">The category.</param>
    /// <param name="message">One or two sentences: what is wrong, then what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    public MetricDepthException(string errorId, FailureKind kind, string message, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Kind = kind;
    }

    /// <summary>The failure of a file that is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inner">The cause, if any.</param>
    public static MetricDepthException FileNotFound(string path, Exception? inner = null) => new("FileNotFound", FailureKind.NotFound,
        $"The file '{path}' does not exist. Check its name, and the folder you are in (Get-Location).", inner);

    /// <summary>A stable id that scripts can match.</summary>
    public string ErrorId { get; }

    /// <summary>The category.</summary>
    public FailureKind Kind { get; }

    /// <summary>The frame at which it happened, counted from the first that was read; null when it is not about one frame.</summary>
    public long? Frame { get; init; }
}
