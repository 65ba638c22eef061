using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export.Frames;

/// <summary>
/// One pass over the frames of a depth video with their colours, mask and camera poses: what point clouds, meshes and whole-scene
/// reconstruction have in common. Making one checks the options and finds lens, colour and path; nothing is decoded until it runs.
/// </summary>
internal sealed class FrameExportPass
{
    private readonly ConfidenceMask? _confidence;
    private readonly ViewerPath? _path;
    private readonly Intrinsics? _camera;

    /// <summary>Checks what is asked for.</summary>
    /// <param name="options">What to go through.</param>
    /// <param name="progress">Notes.</param>
    /// <param name="cancellation">Stops looking for the field of view.</param>
    /// <param name="needs">What is used beside depth; the rest is neither looked for nor decoded.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used.</exception>
    public FrameExportPass(FrameExportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation,
        FrameNeeds needs = FrameNeeds.Color | FrameNeeds.Lens)
    {
        options.ThrowIfUnusable();
        Options = options;
        var depth = options.Depth;
        if (options.RemoveEdges) needs |= FrameNeeds.Lens; // how steep a surface is depends on it
        var color = needs == FrameNeeds.Depth ? null : ColorVideo.FindIfKnown(depth, options.ColorPath, progress, cancellation);
        if (needs.HasFlag(FrameNeeds.Color)) Color = color;
        ColorSize = Color is null ? default : needs.HasFlag(FrameNeeds.FullSizeColor) ? (Color.Width, Color.Height) : (depth.Width, depth.Height);
        if (needs.HasFlag(FrameNeeds.Lens))
        {
            var lens = SourceLens.Resolve(options.HorizontalFov, options.VerticalFov, depth, color, progress, cancellation);
            _camera = Intrinsics.FromFieldOfView(depth.Width, depth.Height, lens.HorizontalFov, lens.VerticalFov);
            FieldOfViewSource = lens.Source;
        }
        if (options.Frames is not null)
        {
            PickedNumbers = [.. options.Frames.Distinct().Order().Take(options.First ?? int.MaxValue)];
            PickedFrames.ThrowIfBeyondEnd(depth, PickedNumbers[^1]);
        }
        Total = options.Count(depth.FrameCount is { } frames && Color?.FrameCount is { } colors ? Math.Min(frames, colors) : depth.FrameCount ?? Color?.FrameCount);
        long? posed = PickedNumbers is null ? (Total - 1) * options.Every + 1 : PickedNumbers[^1] + 1;
        _path = ViewerPath.Load(options.CameraPath, options.LockFrame, followCamera: false, posed);
        _confidence = ConfidenceMask.For(depth, options.MinConfidence, cancellation);
    }

    /// <summary>What was asked for.</summary>
    public FrameExportOptions Options { get; }

    /// <summary>The camera that took the clip, px of the depth video.</summary>
    /// <exception cref="InvalidOperationException">The pass was made without <see cref="FrameNeeds.Lens"/>.</exception>
    public Intrinsics Camera => _camera ?? throw new InvalidOperationException("This pass was made without a lens.");

    /// <summary>Whether the camera is known to this pass.</summary>
    public bool HasLens => _camera is not null;

    /// <summary>Where its field of view comes from.</summary>
    public FieldOfViewSource FieldOfViewSource { get; }

    /// <summary>The colour video; null when nobody has said which it is.</summary>
    public VideoClip? Color { get; }

    /// <summary>The size at which frames have their colours, px: the depth's, or with <see cref="FrameNeeds.FullSizeColor"/> the colour video's; 0 without colour.</summary>
    public (int Width, int Height) ColorSize { get; }

    /// <summary>Frames that will be taken; null if unknown.</summary>
    public long? Total { get; }

    /// <summary>The chosen frames, ascending; null where all, or every n-th, are taken.</summary>
    public IReadOnlyList<long>? PickedNumbers { get; }

    /// <summary>The numbers of the frames that will be taken, ascending, as far as the length is known.</summary>
    public IEnumerable<long> Numbers => PickedNumbers ?? Consecutive();

    /// <summary>The camera in words, ASCII: for comments in headers.</summary>
    public string CameraDescription => SourceLens.Describe(Camera, FieldOfViewSource);

    /// <summary>Goes through the frames.</summary>
    /// <typeparam name="TFrame">The frame with what becomes of it.</typeparam>
    /// <param name="create">Makes the buffers of one frame in flight.</param>
    /// <param name="createWorker">Makes a worker with scratch of its own; workers run side by side, each on one prepared frame.</param>
    /// <param name="write">Takes frames in order, on the calling thread.</param>
    /// <param name="activity">What progress calls it.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Frames taken.</returns>
    public long Run<TFrame>(Func<TFrame> create, Func<Action<TFrame>> createWorker, Action<TFrame> write, string activity,
        IProgress<FrameProgress>? progress, CancellationToken cancellation) where TFrame : ExportFrame
    {
        var depth = Options.Depth;
        long? limit = PickedNumbers is null ? Options.LastRead : null;
        using var depthFeed = FrameFeed.Open(depth, new() { MaxFrames = limit }, PickedNumbers, Options.Every, cancellation);
        using var confidenceFeed = _confidence is null ? null
            : FrameFeed.Open(_confidence.Clip, ConfidenceMask.Reading(new() { MaxFrames = limit }), PickedNumbers, Options.Every, cancellation);
        using var colorFeed = Color is null ? null
            : FrameFeed.Open(Color, ColorVideo.Reading(Color, depth, limit) with { Width = ColorSize.Width, Height = ColorSize.Height }, PickedNumbers, Options.Every, cancellation);
        using var maskFeed = Options.MaskPath is null ? null : OpenMask(progress, cancellation);
        var confidence = new byte[confidenceFeed is null ? 0 : depth.Width * depth.Height];
        bool colorEnded = false, maskEnded = false;
        long next = 0, done = 0;
        var readers = new List<Func<TFrame, bool>> { ReadDepth };
        // The others are asked only for frames that the depth video has.
        if (colorFeed is not null) readers.Add(frame => colorFeed.Read(MemoryMarshal.AsBytes(frame.Color.AsSpan())) || !(colorEnded = true));
        if (maskFeed is not null) readers.Add(frame => ReadMask(maskFeed, frame.Mask) || !(maskEnded = true));
        long frames = new FramePipeline<TFrame>
        {
            CreateJob = create,
            Readers = readers,
            CreateWorker = () =>
            {
                var work = createWorker();
                return frame =>
                {
                    frame.Prepare();
                    work(frame);
                };
            },
            Write = frame =>
            {
                write(frame);
                progress?.Report(new(activity, ++done, Total));
            },
        }.Run(cancellation);
        if (colorEnded) ColorVideo.ReportEnded(Color!, depth, frames, progress);
        else if (maskEnded)
            throw MaskTooShort();
        return frames;

        bool ReadDepth(TFrame frame)
        {
            if (!depthFeed.Read(MemoryMarshal.AsBytes(frame.Codes.AsSpan()))) return false;
            frame.Number = PickedNumbers is null ? next * Options.Every : PickedNumbers[(int)next];
            next++;
            if (confidenceFeed is not null)
            {
                if (!confidenceFeed.Read(confidence)) throw _confidence!.EndsEarly(depth);
                _confidence!.Apply(frame.Codes, confidence);
            }
            if (_path is not null) frame.Pose = _path.SourceToView(frame.Number);
            return true;
        }
    }

    private FrameFeed OpenMask(IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var (mask, reading) = MaskVideo.Pair(Options.MaskPath!, Options.Depth, Options.Depth.Width, Options.Depth.Height, progress, cancellation);
        return FrameFeed.Open(mask, reading, PickedNumbers, Options.Every, cancellation);
    }

    private bool ReadMask(FrameFeed feed, byte[] mask)
    {
        try
        {
            return feed.Read(mask);
        }
        catch (MetricDepthException e) when (e.ErrorId == PickedFrames.BeyondEnd)
        {
            throw MaskTooShort(); // the depth video has the frame, or nobody would ask
        }
    }

    private MetricDepthException MaskTooShort() => new("MaskTooShort", FailureKind.InvalidData,
        $"The mask '{Options.MaskPath}' ends before its clip, so that nobody knows what to leave out from there on. Give the mask of this clip, or fewer frames.");

    private IEnumerable<long> Consecutive()
    {
        for (long i = 0; i < (Total ?? 1); i++) yield return i * Options.Every;
    }
}
