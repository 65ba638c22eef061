using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Infill;

/// <summary>From which pixels of a clip a background is gathered.</summary>
internal sealed record BackgroundPassOptions
{
    /// <summary>The depth.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The colour video.</summary>
    public required VideoClip Color { get; init; }

    /// <summary>Frame number to its camera, at the size of the colour video.</summary>
    public required Func<long, Intrinsics> Camera { get; init; }

    /// <summary>Frame number to the pose of its camera in frame 0's camera.</summary>
    public required Func<long, Pose> CameraToReference { get; init; }

    /// <summary>Mask video, white = foreground; null for none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Only what is further than this, m; null for any depth.</summary>
    public double? BackgroundDepth { get; init; }

    /// <summary>Only depth of at least this confidence, 0..1; null for any.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>A background to begin with.</summary>
    public BackgroundPlate? Start { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>Goes through a clip once and gathers its background.</summary>
internal static class BackgroundPass
{
    /// <summary>Runs.</summary>
    /// <param name="options">What to gather.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MetricDepthException">The inputs cannot be used, or hold no background.</exception>
    public static BackgroundPlate Run(BackgroundPassOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var (depth, color) = (options.Depth, options.Color);
        using var depthReader = DepthVideoReader.Open(depth, options.MinConfidence, new() { MaxFrames = options.MaxFrames }, cancellation);
        using var colorReader = FrameReader.Open(color, ColorVideo.Reading(color, depth, options.MaxFrames), cancellation);
        using var maskReader = options.MaskPath is null ? null : MaskVideo.Open(options.MaskPath, depth, color.Width, color.Height, progress, cancellation);
        var collector = new BackgroundCollector(options.Camera(0));
        if (options.Start is { } start) collector.Add(start, cancellation);

        bool maskEnded = false;
        long frame = 0, read = 0, total = Math.Min(depth.FrameCount ?? long.MaxValue, options.MaxFrames ?? long.MaxValue);
        var readers = new List<Func<Job, bool>>
        {
            job => depthReader.ReadPixels(job.Depth) && Place(job),
            job => colorReader.Read(MemoryMarshal.AsBytes(job.Color.AsSpan())),
        };
        if (maskReader is not null) readers.Add(job => maskReader.Read(job.Mask) || !(maskEnded = true));
        new FramePipeline<Job>
        {
            CreateJob = () => new(depth, color, hasMask: maskReader is not null),
            Readers = readers,
            CreateWorker = () =>
            {
                var worker = new Worker(depth, color);
                return job => worker.Select(job, options);
            },
            Write = job =>
            {
                collector.Add(job.Source, job.Background, job.Camera, job.CameraToReference, cancellation);
                progress?.Report(new("Collecting background", ++frame, total == long.MaxValue ? null : total));
            },
            Workers = Math.Max(1, Environment.ProcessorCount - 1),
        }.Run(cancellation);

        if (maskEnded)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The mask '{options.MaskPath}' ends after {frame} frames, before its clip. The background is that of these frames; check that -MaskPath belongs to this clip.")));
        var plate = collector.ToPlate();
        if (plate.Count == 0)
            throw new MetricDepthException("NoBackground", FailureKind.InsufficientInformation,
                "No pixel of the clip belongs to the background. Check that -MaskPath is white where the foreground is, and that -BackgroundDepth (m) is less than the depth of the background.");
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The background has {plate.Count} points, one to {collector.CellWidth} pixels.")));
        return plate;

        bool Place(Job job)
        {
            (job.Camera, job.CameraToReference) = (options.Camera(read), options.CameraToReference(read));
            read++;
            return true;
        }
    }

    /// <summary>One frame in flight.</summary>
    private sealed class Job(DepthVideo depth, VideoClip color, bool hasMask)
    {
        public uint[] Depth { get; } = new uint[depth.Width * depth.Height];

        public uint[] Color { get; } = new uint[color.Width * color.Height];

        public byte[] Mask { get; } = hasMask ? new byte[color.Width * color.Height] : [];

        public byte[] Background { get; } = new byte[color.Width * color.Height];

        public SourceImage Source { get; } = new(color.Width, color.Height);

        public Intrinsics Camera { get; set; }

        public Pose CameraToReference { get; set; }
    }

    /// <summary>The scratch pictures of one thread.</summary>
    private sealed class Worker(DepthVideo depth, VideoClip color)
    {
        private readonly InverseDepthRows _rows = new(depth, color.Width, color.Height);
        private readonly BackgroundSelection _selection = new(color.Width, color.Height);

        public void Select(Job job, BackgroundPassOptions options)
        {
            var source = job.Source;
            source.Color = job.Color;
            _rows.BeginFrame();
            for (int y = 0; y < source.Height; y++) _rows.Read(job.Depth, y, source.InverseDepth.AsSpan(y * source.Width, source.Width));
            SurfaceTears.MarkSteep(source, job.Camera);
            _selection.Select(source, job.Mask, options.BackgroundDepth, job.Background);
        }
    }
}
