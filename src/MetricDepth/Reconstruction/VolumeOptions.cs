namespace MetricDepth.Reconstruction;

/// <summary>How a <see cref="SignedDistanceVolume"/> is laid out.</summary>
internal sealed record VolumeOptions
{
    /// <summary>Edge of a voxel, m; it doubles each time the memory limit is met.</summary>
    public required double VoxelSize { get; init; }

    /// <summary>
    /// How far before and behind a surface its distance is kept, m, at least one voxel; four voxels suit sensors. It grows with the voxels.
    /// </summary>
    public required double TruncationDistance { get; init; }

    /// <summary>What the voxels may take, bytes.</summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    /// <summary>Whether voxels have a colour.</summary>
    public bool HasColor { get; init; }

    /// <summary>How much a look counts.</summary>
    public SightWeighting Weighting { get; init; } = SightWeighting.DepthAndAngle;

    /// <summary>Threads to work with; the voxels do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
