using System.Runtime.InteropServices;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>What to import and how.</summary>
public sealed record DepthImportOptions
{
    /// <summary>A gray16 video, one 16-bit PNG, or a folder of 16-bit PNGs (taken in natural name order).</summary>
    public required string SourcePath { get; init; }

    /// <summary>Where to write; null for <c>SourcePath_depth.mkv</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Metres per step of the 16-bit value (0.001 for millimetres). 0 stays no depth.</summary>
    public double DepthUnit { get; init; } = 0.001;

    /// <summary>The largest depth to store, metres.</summary>
    public double MaxDepth { get; init; } = DepthVideo.DefaultMaxDepth;

    /// <summary>Frame rate for image sequences; null for 30.</summary>
    public double? FrameRate { get; init; }

    /// <summary>The colour video it belongs to.</summary>
    public string? ColorPath { get; init; }

    /// <summary>Horizontal field of view, degrees.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>16-bit depth from sensors and other tools to a depth video.</summary>
public static class DepthImport
{
    private const double DefaultImageRate = 30;

    /// <summary>Imports one source.</summary>
    /// <exception cref="MetricDepthException">The source is missing, holds no 16-bit grey, or frames of several sizes.</exception>
    public static DepthVideo Run(DepthImportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (!(options.DepthUnit > 0 && double.IsFinite(options.DepthUnit)))
            throw new MetricDepthException("DepthUnitOutOfRange", FailureKind.InvalidArgument, "-DepthUnit is metres per step, for example 0.001 for millimetres.");
        using var source = Open(options, cancellation);
        string target = options.DestinationPath ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.SourcePath)) + "_depth.mkv";
        var facts = new DepthVideo
        {
            Path = Path.GetFullPath(target),
            Width = source.Width,
            Height = source.Height,
            FrameRate = source.Rate,
            MaxDepth = options.MaxDepth,
            HorizontalFov = options.HorizontalFov,
            FieldOfViewSource = options.HorizontalFov is null ? Geometry.FieldOfViewSource.None : Geometry.FieldOfViewSource.Given,
            VerticalFov = options.VerticalFov,
            ColorPath = options.ColorPath is { } color ? Path.GetFullPath(color) : null,
            Estimator = "Import",
            Scale = DepthScale.Metric,
        };
        using var writer = DepthVideoWriter.Open(facts, options.Overwrite, cancellation);
        var steps = new ushort[source.Width * source.Height];
        var depth = new Plane<float>(source.Width, source.Height);
        float unit = (float)options.DepthUnit;
        while (writer.FramesWritten != options.MaxFrames && source.Read(MemoryMarshal.AsBytes(steps.AsSpan())))
        {
            for (int i = 0; i < steps.Length; i++) depth.Data[i] = steps[i] * unit;
            writer.Write(depth);
            progress?.Report(new("Importing depth", writer.FramesWritten, source.Frames));
        }
        var result = writer.Complete();
        if (writer.ClampingMessage is { } message) progress?.Report(FrameProgress.Warning(message));
        return result;
    }

    private sealed record Source(int Width, int Height, Rational Rate, long? Frames, ReadFrame Reader, IDisposable Owner) : IDisposable
    {
        public bool Read(Span<byte> frame) => Reader(frame);

        public void Dispose() => Owner.Dispose();
    }

    private delegate bool ReadFrame(Span<byte> frame);

    private static Source Open(DepthImportOptions options, CancellationToken cancellation)
    {
        string path = Path.GetFullPath(options.SourcePath);
        if (Directory.Exists(path))
            return OpenImages([.. Directory.EnumerateFiles(path, "*.png", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }).Order(NaturalOrder.Instance)], path, options, cancellation);
        if (File.Exists(path) && Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            return OpenImages([path], path, options, cancellation);
        var clip = VideoProbe.Probe(path, cancellation);
        if (!clip.Source.PixelFormat.StartsWith("gray16", StringComparison.Ordinal))
            throw NotSixteenBit(path, clip.Source.PixelFormat);
        var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray16, MaxFrames = options.MaxFrames }, cancellation);
        return new(clip.Width, clip.Height, clip.FrameRate, Min(clip.FrameCount, options.MaxFrames), reader.Read, reader);
    }

    private static Source OpenImages(string[] files, string path, DepthImportOptions options, CancellationToken cancellation)
    {
        if (files.Length == 0)
            throw new MetricDepthException("NoImages", FailureKind.NotFound, $"The folder '{path}' holds no PNG files. Give a folder of 16-bit grey PNGs.");
        if (!Rational.TryFrom(options.FrameRate ?? DefaultImageRate, out var rate))
            throw new MetricDepthException("FrameRateOutOfRange", FailureKind.InvalidArgument, "-FrameRate is frames per second, above 0.");
        var first = PngHeader.Read(files[0]);
        foreach (string file in files)
        {
            var header = PngHeader.Read(file);
            if (!header.IsDepth) throw NotSixteenBit(file, $"{header.BitDepth}-bit {(header.IsGray ? "grey" : "colour")}");
            if ((header.Width, header.Height) != (first.Width, first.Height))
                throw new MetricDepthException("SizesDiffer", FailureKind.InvalidData,
                    $"'{file}' is {header.Width}x{header.Height} px, the first image {first.Width}x{first.Height}. All images of a sequence need one size.");
        }
        if (first.Width is < 1 or > Plane<float>.MaxSide || first.Height is < 1 or > Plane<float>.MaxSide)
            throw new MetricDepthException("SizeOutOfRange", FailureKind.InvalidData, $"'{files[0]}' has an absurd size.");
        var reader = new PngSequenceReader(files, cancellation);
        return new(first.Width, first.Height, rate, Min(files.Length, options.MaxFrames), reader.Read, reader);
    }

    private static long? Min(long? frames, long? max) => frames is { } f && max is { } m ? Math.Min(f, m) : frames;

    private static MetricDepthException NotSixteenBit(string path, string what) => new("NotSixteenBitGray", FailureKind.InvalidData,
        $"'{path}' holds {what}, not 16-bit grey. Give the sensor's own 16-bit depth; a depth video in our format opens with Get-DepthVideo.");
}
