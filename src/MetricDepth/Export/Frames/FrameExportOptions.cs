using MetricDepth.Depth;

namespace MetricDepth.Export.Frames;

/// <summary>What everything that goes through the frames of a depth video with their colours can be asked: which frames, which pixels, where the camera was.</summary>
public record FrameExportOptions
{
    /// <summary>The depth.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The colour video; null for the one the depth video names.</summary>
    public string? ColorPath { get; init; }

    /// <summary>The file or folder to write to; null for one beside the depth video.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>These frames only, counted from 0; null for all. Not together with <see cref="Every"/> and <see cref="MaxFrames"/>.</summary>
    public IReadOnlyList<long>? Frames { get; init; }

    /// <summary>Take every n-th frame.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Take at most so many frames.</summary>
    public int? First { get; init; }

    /// <summary>Read at most so many video frames.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Leave out depth whose confidence is less than this, 0..1; null for none. Needs a depth video with confidence.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>Leave out what is nearer than this, metres of depth; null for nothing.</summary>
    public double? MinDepth { get; init; }

    /// <summary>Leave out what is farther than this, metres of depth; null for nothing.</summary>
    public double? MaxDepth { get; init; }

    /// <summary>A mask video, white where the foreground is: that is left out. Null for none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Keep what the mask marks and leave out the rest.</summary>
    public bool InvertMask { get; init; }

    /// <summary>Leave out surface steeper than 85° to the view ray.</summary>
    public bool RemoveEdges { get; init; }

    /// <summary>Horizontal field of view, degrees; null takes the depth video's.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null takes the depth video's.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>How the camera moved, a camera path file; null leaves each frame in its own camera's axes.</summary>
    public string? CameraPath { get; init; }

    /// <summary>The frame in whose camera's axes everything is given; null for frame 0. Needs <see cref="CameraPath"/>.</summary>
    public int? LockFrame { get; init; }

    /// <summary>How many frames are taken.</summary>
    /// <param name="videoFrames">Frames of the video; null if it does not say.</param>
    /// <returns>Null if unknown.</returns>
    internal long? Count(long? videoFrames)
    {
        if (Frames is not null) return Least(Frames.Distinct().LongCount(), First);
        return Least((Least(videoFrames, MaxFrames) + Every - 1) / Every, First);
    }

    /// <summary>The most video frames that need to be read; null for all.</summary>
    internal long? LastRead => Least(MaxFrames, First is { } first ? ((long)first - 1) * Every + 1 : null);

    /// <summary>Refuses what contradicts itself, before anything is read.</summary>
    /// <exception cref="MetricDepthException">Something cannot be used.</exception>
    internal void ThrowIfUnusable()
    {
        Require(Every >= 1 && First is null or >= 1 && MaxFrames is null or >= 1, "CountOutOfRange",
            "-Every, -First and -MaxFrames must be 1 or more.");
        Require(Frames is null || (Frames.Count > 0 && Frames.All(f => f >= 0)), "FrameOutOfRange",
            "-Frame takes numbers from 0. Give the frames to export.");
        Require(Frames is null || (Every == 1 && MaxFrames is null), "FramesAmbiguous",
            "-Frame names the frames, and -Every and -MaxFrames count them. Give only one of them.");
        Require(MinDepth is null or >= 0 && MaxDepth is null or > 0 && !(MinDepth >= MaxDepth), "DepthRangeEmpty",
            "-MinDepth and -MaxDepth are metres, and -MinDepth must be the smaller one.");
        Require(MaskPath is not null || !InvertMask, "MaskMissing", "-InvertMask turns a mask round. Give -MaskPath too.");
        Require(CameraPath is not null || LockFrame is null, "CameraPathMissing",
            "-LockFrame names a frame of a camera path. Give -CameraPath too.");
    }

    private static long? Least(long? a, long? b) => a is { } x && b is { } y ? Math.Min(x, y) : a ?? b;

    private static void Require(bool isMet, string errorId, string message)
    {
        if (!isMet) throw new MetricDepthException(errorId, FailureKind.InvalidArgument, message);
    }
}
