using System.Globalization;
using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Reconstruction.Surface;

namespace MetricDepth.Reconstruction;

/// <summary>
/// A truncated signed distance volume that grows with what is seen: depth frames with known poses go in, one surface comes out. Space is
/// divided into blocks of 8×8×8 voxels, of which only those near surfaces are kept. When they take more than they may, voxels
/// double in size and the work goes on. The result does not depend on the number of threads.
/// </summary>
internal sealed class SignedDistanceVolume
{
    private readonly VolumeOptions _options;
    private readonly VoxelStore _store;
    private readonly BlockTable _table = new();
    private readonly DepthSight _sight;
    private readonly BlockFinder _finder = new();
    private readonly KeySet _fresh = new();
    private readonly long _mostBlocks;

    /// <summary>An empty volume.</summary>
    public SignedDistanceVolume(VolumeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        if (!(options.VoxelSize > 0 && double.IsFinite(options.VoxelSize))) throw new ArgumentOutOfRangeException(nameof(options), options.VoxelSize, "Voxels need a size.");
        if (!(options.TruncationDistance >= options.VoxelSize && double.IsFinite(options.TruncationDistance)))
            throw new ArgumentOutOfRangeException(nameof(options), options.TruncationDistance, "The truncation distance is at least one voxel.");
        _options = options;
        _store = new(options.HasColor);
        _sight = new(options.Weighting);
        VoxelSize = options.VoxelSize;
        _mostBlocks = MostBlocks(options);
    }

    /// <summary>Edge of a voxel, m: as asked for, or larger by a power of two when memory did not suffice.</summary>
    public double VoxelSize { get; private set; }

    /// <summary>How far before and behind a surface distances are kept, m.</summary>
    public double TruncationDistance => _options.TruncationDistance * (VoxelSize / _options.VoxelSize);

    /// <summary>Blocks in use.</summary>
    public int BlockCount => _store.Count;

    /// <summary>What the voxels and their table take, bytes.</summary>
    public long MemoryBytes => _store.MemoryBytes + _table.MemoryBytes;

    /// <summary>Adds a frame.</summary>
    /// <param name="depth">Depth, m; 0, NaN and infinity are no depth; H×W, row-major.</param>
    /// <param name="color">BGR0, H×W, or empty. Used if the volume has colour.</param>
    /// <param name="camera">The camera that took it.</param>
    /// <param name="cameraToWorld">Its pose, m.</param>
    /// <param name="cancellation">Stops the work; the volume cannot be used after that.</param>
    /// <exception cref="MetricDepthException">The camera is further away than can be counted in voxels.</exception>
    public unsafe void Integrate(ReadOnlySpan<float> depth, ReadOnlySpan<uint> color, Intrinsics camera, Pose cameraToWorld, CancellationToken cancellation)
    {
        if (_options.HasColor && color.Length != depth.Length)
            throw new ArgumentException($"The colour has {color.Length} pixels, the depth {depth.Length}.", nameof(color));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellation };
        _sight.Load(depth, camera, DepthLimit(camera, cameraToWorld), parallel);
        if (_sight.Farthest == 0) return;
        Allocate(cameraToWorld, parallel);
        fixed (float* d = _sight.Depth, w = _sight.Weights)
        fixed (uint* c = color)
        {
            var integrator = new BlockIntegrator(_sight, d, w, _options.HasColor ? c : null, cameraToWorld, VoxelSize, TruncationDistance, _options.Weighting);
            // blocks are independent of each other: any order gives the same
            Parallel.For(0, (_store.Places + VoxelSlab.Blocks - 1) / VoxelSlab.Blocks, parallel, s =>
            {
                for (int block = s * VoxelSlab.Blocks; block < Math.Min((s + 1) * VoxelSlab.Blocks, _store.Places); block++)
                {
                    if (_store.KeyOf(block) is var packed && packed == VoxelStore.NoBlock) continue;
                    var key = BlockKey.Unpack(packed);
                    if (integrator.Sees(key)) integrator.Integrate(key, _store.SlabOf(block), VoxelStore.Start(block));
                }
            });
        }
    }

    /// <summary>The surface between what is empty and what is not, with normals towards the cameras, and with colours if the volume has them.</summary>
    /// <param name="options">Which surface.</param>
    /// <param name="progress">Notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MetricDepthException">The surface has more vertices than one mesh can hold.</exception>
    public TriangleMesh ExtractSurface(SurfaceOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation) =>
        new SurfaceExtractor(_store, _table, VoxelSize, _options, options).Run(progress, cancellation);

    private void Allocate(Pose cameraToWorld, ParallelOptions parallel)
    {
        while (true)
        {
            bool complete = _finder.Find(_sight, cameraToWorld, VoxelSize, TruncationDistance, _mostBlocks, parallel);
            _fresh.Clear();
            if (complete)
            {
                foreach (long key in _finder.Found.Members)
                    if (_table.Find(key) < 0) _fresh.Add(key);
                if (_store.Count + _fresh.Count <= _mostBlocks) break;
            }
            Coarsen(parallel.CancellationToken);
        }
        // Sorted, so that where a block is stored depends on nothing but the frames.
        _fresh.Members.Sort();
        foreach (long key in _fresh.Members) _table.Add(key, _store.Add(key));
    }

    private void Coarsen(CancellationToken cancellation)
    {
        VolumeCoarsening.Run(_store, _table, _options.HasColor, cancellation);
        VoxelSize *= 2;
    }

    /// <summary>Farthest depth whose blocks can be addressed wherever the ray goes, m.</summary>
    private float DepthLimit(Intrinsics camera, Pose cameraToWorld)
    {
        var t = cameraToWorld.Translation;
        double away = Math.Max(Math.Max(Math.Abs(t.X), Math.Abs(t.Y)), Math.Abs(t.Z));
        double reach = BlockKey.Limit * BlockKey.Edge * VoxelSize;
        if (!(away < reach / 2))
            throw new MetricDepthException("SceneTooLarge", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"A camera is {away:G4} m from the origin, more than {reach / 2:G4} m that voxels of {VoxelSize:G4} m can be counted to. Check the unit of the camera path, or give a larger -VoxelSize."));
        double rx = Math.Max(camera.Cx, camera.Width - camera.Cx) / camera.Fx, ry = Math.Max(camera.Cy, camera.Height - camera.Cy) / camera.Fy;
        return (float)((reach / 2 - 2 * TruncationDistance) / Math.Sqrt(rx * rx + ry * ry + 1));
    }

    private static long MostBlocks(VolumeOptions options)
    {
        long slabs = options.MemoryLimit / VoxelSlab.MemoryFor(options.HasColor);
        while (slabs > 1 && slabs * VoxelSlab.MemoryFor(options.HasColor) + BlockTable.MemoryFor(slabs * VoxelSlab.Blocks) > options.MemoryLimit)
            slabs = slabs * 15 / 16;
        return Math.Max(slabs, 1) * VoxelSlab.Blocks;
    }
}
