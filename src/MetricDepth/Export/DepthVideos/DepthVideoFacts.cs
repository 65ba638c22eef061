using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Export.DepthVideos;

/// <summary>What a format needs to know of what will be written.</summary>
internal sealed record DepthVideoFacts
{
    /// <summary>What was asked for.</summary>
    public required DepthVideoExportOptions Options { get; init; }

    /// <summary>The file, or the folder for a file a frame: full path.</summary>
    public required string Destination { get; init; }

    /// <summary>The depth video.</summary>
    public DepthVideo Source => Options.Depth;

    /// <summary>Width, px.</summary>
    public int Width => Source.Width;

    /// <summary>Height, px.</summary>
    public int Height => Source.Height;

    /// <summary>Frames a second of what is written: with every n-th frame an n-th of the source's.</summary>
    public required Rational FrameRate { get; init; }

    /// <summary>Frames to come; null if unknown.</summary>
    public required long? FrameCount { get; init; }

    /// <summary>The numbers of the frames to come, as far as the length is known.</summary>
    public required IEnumerable<long> Numbers { get; init; }

    /// <summary>The camera, px of the depth video; null if its field of view is not known.</summary>
    public Intrinsics? Camera { get; init; }

    /// <summary>Where the field of view comes from.</summary>
    public FieldOfViewSource FieldOfViewSource { get; init; }

    /// <summary>Told what the user should know.</summary>
    public IProgress<FrameProgress>? Progress { get; init; }

    /// <summary>The facts that go into the file beside its depth (tags of Matroska, texts of PNG): field of view, colour video, largest depth.</summary>
    /// <param name="encoding">How the file's numbers become metres; null where they are metres.</param>
    public Dictionary<string, string> Tags(DepthEncoding? encoding) => DepthVideoTags.WriteExport(Source with
    {
        Path = Destination,
        ColorPath = Options.ColorPath ?? Source.ColorPath,
        HorizontalFov = Camera?.HorizontalFov,
        VerticalFov = Camera?.VerticalFov,
        FieldOfViewSource = FieldOfViewSource,
    }, FrameRate, encoding);
}
