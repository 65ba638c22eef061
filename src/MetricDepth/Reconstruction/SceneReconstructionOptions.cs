using MetricDepth.Export.Frames;
using MetricDepth.Export.Meshes;

namespace MetricDepth.Reconstruction;

/// <summary>What <c>New-DepthScene</c> is asked to do.</summary>
/// <remarks>
/// Where they are null, <c>CameraPath</c> is the file beside the depth video under the name that Measure-CameraPose gives it,
/// <c>MaxDepth</c> four times the median depth, <c>MinConfidence</c> 0.5 if the depth video has a confidence.
/// </remarks>
public sealed record SceneReconstructionOptions : FrameExportOptions
{
    /// <summary>The camera stood still: no path is needed, or looked for.</summary>
    public bool StationaryCamera { get; init; }

    /// <summary>Frames that are left out because their pose is not known, counted from 0.</summary>
    public IReadOnlySet<long> UnposedFrames { get; init; } = new HashSet<long>();

    /// <summary>Edge of a voxel, m; null for a hundredth of the median depth, rounded to 1, 2 or 5 of a power of ten.</summary>
    public double? VoxelSize { get; init; }

    /// <summary>How far before and behind a surface its distance is kept, m; null for four voxels.</summary>
    public double? TruncationDistance { get; init; }

    /// <summary>What the voxels may take, bytes; null for a quarter of the memory there is.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>
    /// How often a place must have been seen for surface to be there: 1 is about one head-on look from the distance that is usual in
    /// the clip. 0 takes everything that was seen.
    /// </summary>
    public double MinWeight { get; init; } = 1;

    /// <summary>How to store the mesh; null for what the destination's name says, GLB without one.</summary>
    public MeshFormat? Format { get; init; }

    /// <summary>Write a video that goes round the scene, too.</summary>
    public bool Preview { get; init; }

    /// <summary>The memory that the voxels may take by themselves, bytes.</summary>
    public static long DefaultMemoryLimit => Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastMemory);

    /// <summary>Less memory than this is of no use, bytes.</summary>
    internal const long LeastMemory = 16L << 20;

    /// <summary>How the mesh is stored.</summary>
    /// <exception cref="MetricDepthException">The destination's name ends like that of another kind of file.</exception>
    public MeshFormat StoredFormat => Format ?? Extension.ToUpperInvariant() switch
    {
        "" or ".GLB" => MeshFormat.Glb,
        ".PLY" => MeshFormat.Ply,
        ".OBJ" => MeshFormat.Obj,
        _ => throw new MetricDepthException("MeshFormatUnknown", FailureKind.InvalidArgument,
            $"A scene is stored as .glb, .ply or .obj, and '{DestinationPath}' ends with '{Extension}'. Give one of those, or -Format."),
    };

    /// <summary>Refuses what contradicts itself, before anything is read.</summary>
    /// <exception cref="MetricDepthException">Something cannot be used.</exception>
    internal void ThrowIfContradictory()
    {
        Require(!(StationaryCamera && CameraPath is not null), "CameraContradiction",
            "-StationaryCamera says that the camera stood still, and -CameraPath how it moved. Leave one of them out.");
        Require(VoxelSize is null || (VoxelSize > 0 && double.IsFinite(VoxelSize.Value)), "VoxelSizeOutOfRange",
            "-VoxelSize is metres above 0. Give 0.02 for a room.");
        Require(TruncationDistance is null || (TruncationDistance > 0 && double.IsFinite(TruncationDistance.Value)), "TruncationDistanceOutOfRange",
            "-TruncationDistance is metres above 0. Leave it out for four voxels.");
        Require(!(TruncationDistance < VoxelSize), "TruncationDistanceTooSmall",
            "-TruncationDistance must be at least -VoxelSize. Leave it out for four voxels.");
        Require(MemoryLimit is null or >= LeastMemory, "MemoryLimitTooSmall", "-MemoryLimit must be 16MB or more.");
        Require(MinWeight >= 0 && double.IsFinite(MinWeight), "MinWeightOutOfRange", "-MinWeight must be 0 or more. 1 is one good look.");
    }

    private string Extension => DestinationPath is { } destination && !OutputName.IsFolder(destination) ? Path.GetExtension(destination) : "";

    private static void Require(bool isMet, string errorId, string message)
    {
        if (!isMet) throw new MetricDepthException(errorId, FailureKind.InvalidArgument, message);
    }
}
