using System.Globalization;
using MetricDepth.Imaging;

namespace MetricDepth.Rendering;

/// <summary>Frames of a depth video from another viewpoint, as PNG files.</summary>
public static class ViewStills
{
    /// <summary>Renders still images; each file is handed out as soon as it is complete.</summary>
    /// <param name="options">What to render and how; without <see cref="ViewRenderOptions.Frames"/> every frame.</param>
    /// <param name="written">Given each finished file, in order of frames, on the calling thread.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; files already handed out stay.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or a file cannot be written.</exception>
    public static void Run(ViewRenderOptions options, Action<FileInfo> written, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        options = options with { As = ViewOutput.Png };
        var pass = new ViewPass(options, progress, cancellation);
        var (depth, color) = (options.Depth, pass.Color);
        long[]? frames = options.Frames is null ? null : [.. options.Frames.Distinct().Order().Take((int)Math.Min(options.MaxFrames ?? int.MaxValue, int.MaxValue))];
        if (frames is not null) PickedFrames.ThrowIfBeyondEnd(depth, frames[^1]);
        string PathOf(long frame) => FilePath(options, frame, single: frames is [_]);
        foreach (long frame in frames ?? [0]) OutputName.ThrowIfUnusable(PathOf(frame), options.Overwrite, depth.Path, color.Path);

        using ViewSource source = frames is null
            ? new ClipViewSource(depth, color, options.MinConfidence, options.MaxFrames, cancellation)
            : new PickedViewSource(depth, color, options.MinConfidence, frames, cancellation);
        pass.Run(source, Compress, job => written(Save(job, PathOf(job.SourceFrame), options.Overwrite)), "Rendering still images");
    }

    /// <summary>The name of a frame's file: the destination itself for a single one, its name with the frame's number for several.</summary>
    internal static string FilePath(ViewRenderOptions options, long frame, bool single)
    {
        string named = OutputName.RenderStill(options.Depth.Path, frame);
        if (options.DestinationPath is not { } destination || OutputName.IsFolder(destination)) return OutputName.Resolve(options.DestinationPath, named);
        if (!Path.GetExtension(destination).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new MetricDepthException("ImageFormatUnknown", FailureKind.InvalidArgument,
                $"'{Path.GetFileName(destination)}' does not end in .png. Give a name that does, or a folder.");
        return single ? destination : Path.ChangeExtension(destination, null) + "_" + frame.ToString("D7", CultureInfo.InvariantCulture) + ".png";
    }

    private static void Compress(ViewJob job)
    {
        job.Png.SetLength(0);
        Png.Write(job.Picture, job.Png);
    }

    private static FileInfo Save(ViewJob job, string path, bool overwrite)
    {
        using var file = PartialFile.Create(path, overwrite);
        try
        {
            using var stream = File.Create(file.TemporaryPath);
            job.Png.WriteTo(stream);
        }
        catch (IOException e)
        {
            throw new MetricDepthException("ImageNotWritten", FailureKind.Storage,
                $"'{file.FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }
        file.Commit();
        return new(file.FinalPath);
    }
}
