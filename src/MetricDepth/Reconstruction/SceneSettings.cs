using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Export.PointClouds;

namespace MetricDepth.Reconstruction;

/// <summary>What a scene is made with, once everything that was left open is decided.</summary>
internal static class SceneSettings
{
    // Depth gets worse with distance, faster than it grows; at four times the usual distance it bends surfaces more than it adds to them.
    private const double FarthestMedians = 4;

    private const double DefaultMinConfidence = 0.5;

    /// <summary>Decides what was left open.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="progress">Told what was decided.</param>
    /// <param name="cancellation">Stops looking at the depth.</param>
    /// <returns>Options with camera path (or a camera that stood still), confidence, largest depth and voxel size.</returns>
    /// <exception cref="MetricDepthException">Nobody knows how the camera moved, or there is no depth.</exception>
    public static SceneReconstructionOptions Decide(SceneReconstructionOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        options.ThrowIfContradictory();
        var depth = options.Depth;
        var decided = options with
        {
            CameraPath = options.StationaryCamera ? null : options.CameraPath ?? PathBeside(depth, progress),
            MinConfidence = options.MinConfidence ?? (depth.ConfidencePath is null ? null : DefaultMinConfidence),
        };
        decided.ThrowIfUnusable();
        double stored = depth.FarthestTold;
        double median = DepthSurvey.Median(depth, decided.MinConfidence, options.MinDepth ?? 0, Math.Min(options.MaxDepth ?? stored, stored), options.MaxFrames, cancellation)
            ?? throw NoDepth(decided);
        decided = decided with
        {
            MaxDepth = options.MaxDepth ?? Math.Min(FarthestMedians * median, stored),
            // with a truncation distance given, voxels are not larger than it
            VoxelSize = options.VoxelSize ?? Math.Min(VoxelSize.Of(median), options.TruncationDistance ?? double.PositiveInfinity),
        };
        decided = decided with { TruncationDistance = options.TruncationDistance ?? 4 * decided.VoxelSize, MemoryLimit = options.MemoryLimit ?? SceneReconstructionOptions.DefaultMemoryLimit };
        Tell(decided, median, progress);
        return decided;
    }

    /// <summary>The error about a scene that nothing was seen of.</summary>
    public static MetricDepthException NoDepth(SceneReconstructionOptions options) => new("SceneEmpty", FailureKind.InsufficientInformation,
        $"Nothing of '{options.Depth.Path}' is left to make a scene of: it holds no depth, or its confidence, the mask, -MinDepth, -MaxDepth or -MinWeight leave everything out. Allow more of it.");

    private static string PathBeside(DepthVideo depth, IProgress<FrameProgress>? progress)
    {
        string path = OutputName.CameraPath(depth.Path);
        if (!File.Exists(path))
            throw new MetricDepthException("CameraPathMissing", FailureKind.InvalidArgument,
                $"Nobody has said how the camera moved, and '{path}' does not exist. Measure it (Get-PointTrack | Measure-CameraPose -DepthVideo '{depth.Path}'), give -CameraPath, or -StationaryCamera if it stood still.");
        progress?.Report(FrameProgress.Verbose($"The camera path is '{path}'."));
        return path;
    }

    private static void Tell(SceneReconstructionOptions decided, double median, IProgress<FrameProgress>? progress) =>
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The median depth is {median:0.##} m: voxels of {decided.VoxelSize:G4} m, truncation distance {decided.TruncationDistance:G4} m, depth up to {decided.MaxDepth:0.##} m{(decided.MinConfidence is { } c ? $" with a confidence of {c:0.##} or more" : "")}; at most {decided.MemoryLimit / 1048576.0:0} MB for voxels.")));
}
