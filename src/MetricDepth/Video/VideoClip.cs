namespace MetricDepth.Video;

/// <summary>The facts of a video file, as it is shown: after rotation and with square pixels.</summary>
public record VideoClip
{
    /// <summary>Full path.</summary>
    public required string Path { get; init; }

    /// <summary>The file's name without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Width as shown, px.</summary>
    public required int Width { get; init; }

    /// <summary>Height as shown, px.</summary>
    public required int Height { get; init; }

    /// <summary>Width and height as text, for example <c>1920x1080</c>.</summary>
    public string Size => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Width}x{Height}");

    /// <summary>Exact frame rate, frames per second. A variable rate is read at this constant one.</summary>
    public required Rational FrameRate { get; init; }

    /// <summary>The frame rate as a plain number.</summary>
    public double FramesPerSecond => FrameRate.Value;

    /// <summary>Frames at <see cref="FrameRate"/>; an estimate from the duration where the container does not count them; null if unknown.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Playing time; null if the container does not tell.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether there is sound.</summary>
    public bool HasAudio { get; init; }

    /// <summary>The video codec's ffmpeg name.</summary>
    public string Codec { get; init; } = "";

    /// <summary>Whether frames come at uneven times (they are read at a constant rate).</summary>
    public bool IsVariableFrameRate { get; init; }

    /// <summary>The container's and the video stream's tags, keys in upper case.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How the stream is stored, for the reader.</summary>
    internal StreamSource Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>What the reader must know of the stored stream.</summary>
/// <param name="PixelFormat">ffmpeg's name of the pixel format.</param>
/// <param name="StreamIndex">The stream's number in the file.</param>
/// <param name="StartSeconds">How long after the container's start the video starts, s.</param>
/// <param name="IsCodedAsShown">No rotation and square pixels.</param>
/// <param name="IsMatrixUnknown">The stream does not say which YUV matrix it uses.</param>
internal readonly record struct StreamSource(string PixelFormat, int StreamIndex, double StartSeconds, bool IsCodedAsShown, bool IsMatrixUnknown);
