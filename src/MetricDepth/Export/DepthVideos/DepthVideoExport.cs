using MetricDepth.Export.DepthVideos;
using MetricDepth.Export.Frames;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Export;

/// <summary>Depth video to the formats of other programs.</summary>
public static class DepthVideoExport
{
    /// <summary>Where it goes when nobody says otherwise: beside the depth video.</summary>
    /// <param name="depthPath">The depth video.</param>
    /// <param name="format">What will be written.</param>
    public static string DefaultPath(string depthPath, DepthVideoFormat format) => DepthVideoFormats.Get(format).DefaultPath(depthPath);

    /// <summary>Whether a format is a folder with a file for each frame.</summary>
    /// <param name="format">What will be written.</param>
    public static bool IsFolder(DepthVideoFormat format) => DepthVideoFormats.Get(format).IsFolder;

    /// <summary>How much disk it takes.</summary>
    /// <param name="options">What is asked for.</param>
    public static ExportSize Size(DepthVideoExportOptions options) => DepthVideoFormats.Get(options.Format).Size(options);

    /// <summary>Exports.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="progress">Video frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; of a folder, the files that are complete stay.</param>
    /// <returns>The file that holds all frames, or the folder with a file for each.</returns>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or a file cannot be written.</exception>
    public static FileSystemInfo Run(DepthVideoExportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var format = DepthVideoFormats.Get(options.Format);
        ThrowIfUnused(options, format);
        bool isScale = format.Parameters.HasFlag(DepthVideoParameters.Range);
        var pass = new FrameExportPass(isScale ? options with { MinDepth = null, MaxDepth = null } : options, progress, cancellation, format.Needs(options));
        var (camera, source) = Lens(options, pass);
        string destination = Path.GetFullPath(options.DestinationPath ?? format.DefaultPath(options.Depth.Path));
        if (format.IsFolder)
            format.Size(options).Announce(destination, "Take fewer frames with -Every, -First or -MaxFrames.", progress);
        using var target = format.Open(new()
        {
            Options = options,
            Destination = destination,
            FrameRate = options.Frames is null ? new Rational(options.Depth.FrameRate.Numerator, options.Depth.FrameRate.Denominator * options.Every) : options.Depth.FrameRate,
            FrameCount = pass.Total,
            Numbers = pass.Numbers,
            Camera = camera,
            FieldOfViewSource = source,
            Progress = progress,
        }, cancellation);
        pass.Run(
            () => new DepthVideoJob(pass, target.CreateEncoder()),
            () => job => job.Encoder.Encode(job.Number, job.Depth, job.Color),
            job => target.Write(job.Number, job.Encoder),
            $"Exporting depth as {options.Format}", progress, cancellation);
        return target.Complete();
    }

    /// <summary>The camera where it is known; depth alone needs none.</summary>
    private static (Intrinsics? Camera, FieldOfViewSource Source) Lens(DepthVideoExportOptions options, FrameExportPass pass)
    {
        if (pass.HasLens) return (pass.Camera, pass.FieldOfViewSource);
        var depth = options.Depth;
        bool given = options.HorizontalFov is not null || options.VerticalFov is not null;
        var (h, v) = given ? (options.HorizontalFov, options.VerticalFov) : (depth.HorizontalFov, depth.VerticalFov);
        return h is null && v is null
            ? (null, FieldOfViewSource.None)
            : (Intrinsics.FromFieldOfView(depth.Width, depth.Height, h, v), given ? FieldOfViewSource.Given : depth.FieldOfViewSource);
    }

    private static void ThrowIfUnused(DepthVideoExportOptions options, IDepthVideoFormat format)
    {
        Refuse(options.DepthUnit is not null, DepthVideoParameters.DepthUnit, "-DepthUnit");
        Refuse(options.Spacing is not null, DepthVideoParameters.Spacing, "-Spacing");
        Refuse(options.Colormap is not null, DepthVideoParameters.Colormap, "-Colormap");
        Refuse(options.SideBySide, DepthVideoParameters.SideBySide, "-SideBySide");

        void Refuse(bool isGiven, DepthVideoParameters parameter, string name)
        {
            if (!isGiven || format.Parameters.HasFlag(parameter)) return;
            string others = string.Join(", ", Enum.GetValues<DepthVideoFormat>().Where(f => DepthVideoFormats.Get(f).Parameters.HasFlag(parameter)));
            throw new MetricDepthException("ParameterUnused", FailureKind.InvalidArgument,
                $"{name} means nothing in the format {options.Format}; it is for {others}. Leave it out.");
        }
    }
}
