using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction;

/// <summary>A whole scene as one mesh on disk.</summary>
public sealed record DepthScene
{
    /// <summary>The mesh, full path.</summary>
    public required string Path { get; init; }

    /// <summary>Its name without the folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>How it is stored.</summary>
    public required MeshFormat Format { get; init; }

    /// <summary>The video that goes round it; null if there is none.</summary>
    public string? PreviewPath { get; init; }

    /// <summary>Vertices.</summary>
    public required int VertexCount { get; init; }

    /// <summary>Triangles.</summary>
    public required int TriangleCount { get; init; }

    /// <summary>Whether vertices have colours.</summary>
    public required bool IsColored { get; init; }

    /// <summary>The least x, y and z, m, in the axes of frame 0's camera.</summary>
    public required Vector3 Least { get; init; }

    /// <summary>The greatest x, y and z, m, in the axes of frame 0's camera.</summary>
    public required Vector3 Most { get; init; }

    /// <summary>How large it is along x, y and z of frame 0's camera, m.</summary>
    public Vector3 Size => Most - Least;

    /// <summary>The same in words, for example <c>4.0 x 2.5 x 3.1</c>.</summary>
    public string SizeInWords => string.Create(CultureInfo.InvariantCulture, $"{Size.X:0.0#} x {Size.Y:0.0#} x {Size.Z:0.0#}");

    /// <summary>Frames that went into it.</summary>
    public required long FrameCount { get; init; }

    /// <summary>Edge of a voxel, m: what was asked for, or more where memory did not suffice.</summary>
    public required double VoxelSize { get; init; }

    /// <summary>How far before and behind a surface its distance was kept, m.</summary>
    public required double TruncationDistance { get; init; }

    /// <summary>What the voxels took at most, bytes.</summary>
    public required long VolumeBytes { get; init; }

    /// <summary>Frames integrated a second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>The camera path; null for a camera that stood still.</summary>
    public string? CameraPath { get; init; }

    /// <summary>The depth it was made of.</summary>
    public required DepthVideo DepthVideo { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
