using MetricDepth.Depth.Import;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>Depth from sensors and other programs to a depth video.</summary>
public static class DepthImport
{
    private const double DefaultImageRate = 30;
    private const double SmallestMaxDepth = 1e-3, LargestMaxDepth = 1e6;

    /// <summary>Imports one source.</summary>
    /// <exception cref="MetricDepthException">The source is missing, holds no depth, is damaged, or has frames of several sizes.</exception>
    public static DepthVideo Run(DepthImportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (options.DepthUnit is { } unit && !(unit > 0 && double.IsFinite(unit)))
            throw new MetricDepthException("DepthUnitOutOfRange", FailureKind.InvalidArgument, "-DepthUnit is metres per step, for example 0.001 for millimetres.");
        if (options.MaxDepth is { } most && !(most >= SmallestMaxDepth && most <= LargestMaxDepth))
            throw new MetricDepthException("MaxDepthOutOfRange", FailureKind.InvalidArgument, "-MaxDepth is the largest depth to store, in metres, for example 20.");
        using var source = DepthSources.Open(options, cancellation);
        var facts = Facts(options, source);
        using var writer = DepthVideoWriter.Open(facts, options.Overwrite, cancellation);
        var depth = new Plane<float>(source.Width, source.Height);
        long? total = source.FrameCount is { } all && options.MaxFrames is { } max ? Math.Min(all, max) : source.FrameCount ?? options.MaxFrames;
        long unusable = 0;
        while (writer.FramesWritten != options.MaxFrames && source.Read(depth))
        {
            cancellation.ThrowIfCancellationRequested();
            unusable += UnusableDepth.Clear(depth.Span);
            writer.Write(depth);
            progress?.Report(new("Importing depth", writer.FramesWritten, total));
        }
        var result = writer.Complete();
        if (writer.ClampingMessage is { } message) progress?.Report(FrameProgress.Warning(message));
        if (unusable > 0) progress?.Report(FrameProgress.Warning(UnusableDepth.Message(unusable, writer.FramesWritten * depth.Data.Length)));
        return result;
    }

    /// <summary>What was asked for comes first, then what the source says, then what is usual.</summary>
    private static DepthVideo Facts(DepthImportOptions options, DepthSource source)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.SourcePath));
        string target = Path.GetFullPath(options.DestinationPath ?? OutputName.DepthVideo(path));
        var said = DepthVideoTags.ReadExport(path, source.Tags);
        Rational rate;
        if (options.FrameRate is { } given)
        {
            if (!Rational.TryFrom(given, out rate))
                throw new MetricDepthException("FrameRateOutOfRange", FailureKind.InvalidArgument, "-FrameRate is frames per second, above 0.");
        }
        else
        {
            rate = source.FrameRate ?? said.FrameRate ?? new((long)DefaultImageRate);
        }
        bool givesFov = options.HorizontalFov is not null || options.VerticalFov is not null;
        double? horizontal = givesFov ? options.HorizontalFov : said.Video.HorizontalFov ?? source.HorizontalFov;
        double? vertical = givesFov ? options.VerticalFov : said.Video.VerticalFov ?? source.VerticalFov;
        double? maxDepth = options.MaxDepth ?? said.MaxDepth ?? source.MaxDepth;
        return said.Video with
        {
            Path = target,
            Width = source.Width,
            Height = source.Height,
            FrameRate = rate,
            MaxDepth = maxDepth is >= SmallestMaxDepth and <= LargestMaxDepth ? maxDepth.Value : DepthVideo.DefaultMaxDepth,
            HorizontalFov = horizontal,
            VerticalFov = vertical,
            FieldOfViewSource = (horizontal ?? vertical) is null ? FieldOfViewSource.None
                : givesFov || said.Video.FieldOfViewSource == FieldOfViewSource.None ? FieldOfViewSource.Given : said.Video.FieldOfViewSource,
            ColorPath = options.ColorPath is { } color ? Path.GetFullPath(color) : said.Video.ColorPath,
            Estimator = said.Video.Estimator ?? "Import",
        };
    }
}
