using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export.Meshes;
using MetricDepth.Reconstruction;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Makes one mesh of everything that a moving camera saw.</summary>
[Cmdlet(VerbsCommon.New, "DepthScene", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(DepthScene))]
public sealed class NewDepthSceneCommand : DepthFrameCommand<SceneReconstructionOptions, DepthScene>
{
    /// <summary>The camera stood still.</summary>
    [Parameter]
    public SwitchParameter StationaryCamera { get; set; }

    /// <summary>Edge of a voxel, metres.</summary>
    [Parameter]
    [ValidateRange(0.0001, 1000.0)]
    [ArgumentCompleter(typeof(VoxelSizeCompleter))]
    public double? VoxelSize { get; set; }

    /// <summary>How far before and behind a surface its distance is kept, metres.</summary>
    [Parameter]
    [ValidateRange(0.0001, 10000.0)]
    public double? TruncationDistance { get; set; }

    /// <summary>Least weight of surface: 1 is about one good look.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double? MinWeight { get; set; }

    /// <summary>The most memory for voxels, bytes.</summary>
    [Parameter]
    [ValidateRange(1L << 24, long.MaxValue)]
    [ArgumentCompleter(typeof(SceneMemoryCompleter))]
    public long? MemoryLimit { get; set; }

    /// <summary>How the mesh is stored.</summary>
    [Parameter]
    public MeshFormat? Format { get; set; }

    /// <summary>Write a video that goes round the scene, too.</summary>
    [Parameter]
    public SwitchParameter Preview { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        var options = Bind(new()
        {
            Depth = depth,
            DestinationPath = ResolveOptional(DestinationPath),
            StationaryCamera = StationaryCamera,
            UnposedFrames = CameraPath?.UnsolvedFrames ?? new HashSet<long>(),
            VoxelSize = VoxelSize,
            TruncationDistance = TruncationDistance,
            MemoryLimit = MemoryLimit,
            Format = Format,
            Preview = Preview,
        });
        if (MinWeight is { } weight) options = options with { MinWeight = weight };
        string destination = ClaimDestination(OutputName.Scene(depth.Path, options.StoredFormat),
            depth.Path, options.ColorPath ?? depth.ColorPath, options.MaskPath, options.CameraPath);
        if (Preview) OutputName.ThrowIfUnusable(OutputName.ScenePreview(destination), Force, depth.Path, options.ColorPath ?? depth.ColorPath, options.MaskPath);
        if (!ShouldWrite(destination, $"Reconstruct the scene of '{depth.Path}' with at most {(MemoryLimit ?? SceneReconstructionOptions.DefaultMemoryLimit) >> 20} MB of memory for voxels")) return;
        Execute(options with { DestinationPath = destination, Format = options.StoredFormat }, depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        SceneReconstructionOptions options, Action<DepthScene> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(SceneReconstruction.Run(options, progress, cancellation));
}
