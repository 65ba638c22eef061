using System.Globalization;
using System.Numerics;
using MetricDepth.Export.Meshes;

namespace MetricDepth.Reconstruction.Surface;

/// <summary>
/// Marching cubes over the blocks of a volume: first it is counted how many vertices and triangles each block has, then all are written
/// to their places at once, block by block in parallel. Vertices are shared within and across blocks. Beside the mesh
/// it needs less than 0.5 KB for each block that the surface passes through.
/// </summary>
/// <param name="store">The voxels.</param>
/// <param name="table">Where blocks are.</param>
/// <param name="voxelSize">m.</param>
/// <param name="volume">Colour and threads.</param>
/// <param name="surface">Which surface.</param>
internal sealed class SurfaceExtractor(VoxelStore store, BlockTable table, double voxelSize, VolumeOptions volume, SurfaceOptions surface)
{
    // A vertex keeps this distance from the voxels it lies between, in voxels, so that no triangle is without an area.
    private const float Margin = 1e-3f;
    private const uint NoColor = 0x808080;
    private BlockEdges?[] _edges = [];

    /// <summary>Makes the mesh.</summary>
    public TriangleMesh Run(IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = volume.Threads, CancellationToken = cancellation };
        int[] blocks = [.. Enumerable.Range(0, store.Places).Where(b => store.KeyOf(b) != VoxelStore.NoBlock)];
        Array.Sort(Array.ConvertAll(blocks, store.KeyOf), blocks);
        _edges = new BlockEdges?[store.Places];
        Parallel.For(0, blocks.Length, parallel, () => new BlockSurroundings(), (i, _, around) =>
        {
            var edges = new BlockEdges { Block = blocks[i] };
            around.Load(store, table, blocks[i], (float)surface.MinWeight);
            edges.Find(around);
            foreach (var cell in Cells(around)) edges.TriangleCount += CubeTriangulation.Triangles(cell.Case).Length / 3;
            if (!edges.IsEmpty) _edges[blocks[i]] = edges;
            return around;
        }, _ => { });
        var crossed = blocks.Select(b => _edges[b]).OfType<BlockEdges>().ToArray();
        var mesh = new TriangleMesh();
        Number(crossed, mesh);
        Parallel.For(0, crossed.Length, parallel, () => new BlockSurroundings(), (i, _, around) =>
        {
            around.Load(store, table, crossed[i].Block, (float)surface.MinWeight);
            WriteVertices(crossed[i], around, mesh);
            WriteTriangles(crossed[i], around, mesh);
            return around;
        }, _ => { });
        _edges = [];
        if (surface.MinPieceTriangles > 1) MeshPieces.RemoveSmall(mesh, surface.MinPieceTriangles, cancellation);
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The surface has {mesh.VertexCount:N0} vertices and {mesh.TriangleCount:N0} triangles, from {blocks.Length:N0} blocks of voxels of {voxelSize:G4} m.")));
        return mesh;
    }

    private void Number(ReadOnlySpan<BlockEdges> crossed, TriangleMesh mesh)
    {
        long vertices = 0, triangles = 0;
        foreach (var edges in crossed)
        {
            (edges.FirstVertex, edges.FirstTriangle) = ((int)vertices, (int)triangles);
            vertices += edges.VertexCount;
            triangles += edges.TriangleCount;
            if (Math.Max(vertices, triangles) > Array.MaxLength / 3)
                throw new MetricDepthException("SceneTooLarge", FailureKind.InvalidArgument,
                    "The surface has more vertices than one mesh can hold. Give a larger -VoxelSize.");
        }
        mesh.SetCounts((int)vertices, (int)triangles, volume.HasColor);
    }

    private static IEnumerable<(int X, int Y, int Z, int Case)> Cells(BlockSurroundings around)
    {
        for (int z = 0; z < BlockKey.Edge; z++)
            for (int y = 0; y < BlockKey.Edge; y++)
            {
                uint a = around.Negative(y, z), b = around.Negative(y + 1, z), c = around.Negative(y, z + 1), d = around.Negative(y + 1, z + 1);
                uint any = a | b | c | d, all = a & b & c & d;
                uint cells = around.Complete(y, z) & (any | any >> 1) & ~(all & all >> 1);
                for (cells = cells >> 1 & 0xFF; cells != 0; cells &= cells - 1)
                {
                    int x = BitOperations.TrailingZeroCount(cells), bit = x + 1;
                    yield return (x, y, z, (int)(a >> bit & 3 | (b >> bit & 3) << 2 | (c >> bit & 3) << 4 | (d >> bit & 3) << 6));
                }
            }
    }

    private void WriteTriangles(BlockEdges edges, BlockSurroundings around, TriangleMesh mesh)
    {
        int at = 3 * edges.FirstTriangle;
        var triangles = mesh.WritableTriangles;
        foreach (var (x, y, z, code) in Cells(around))
            foreach (byte edge in CubeTriangulation.Triangles(code))
            {
                var (axis, corner) = CubeTriangulation.Edge(edge);
                int vx = x + (corner & 1), vy = y + (corner >> 1 & 1), vz = z + (corner >> 2);
                var owner = _edges[around.Neighbour(vx >> 3, vy >> 3, vz >> 3)]!;
                triangles[at++] = owner.Vertex(axis, ((vz & 7) * BlockKey.Edge + (vy & 7)) * BlockKey.Edge + (vx & 7));
            }
    }

    private void WriteVertices(BlockEdges edges, BlockSurroundings around, TriangleMesh mesh)
    {
        int at = edges.FirstVertex;
        Span<float> positions = mesh.WritablePositions, normals = mesh.WritableNormals;
        var colors = mesh.WritableColors;
        foreach (var (axis, voxel) in edges.Edges())
        {
            int x = voxel & 7, y = voxel >> 3 & 7, z = voxel >> 6;
            int ex = x + (axis == 0 ? 1 : 0), ey = y + (axis == 1 ? 1 : 0), ez = z + (axis == 2 ? 1 : 0);
            int from = BlockSurroundings.Index(x, y, z), to = BlockSurroundings.Index(ex, ey, ez);
            float a = around.Distance(from), b = around.Distance(to), t = Math.Clamp(a / (a - b), Margin, 1 - Margin);
            positions[3 * at] = Place(around.Key.X, x, axis == 0 ? t : 0);
            positions[3 * at + 1] = Place(around.Key.Y, y, axis == 1 ? t : 0);
            positions[3 * at + 2] = Place(around.Key.Z, z, axis == 2 ? t : 0);
            var normal = Vector3.Lerp(Gradient(around, from), Gradient(around, to), t);
            if (!(normal.LengthSquared() > 0)) normal[axis] = b - a;
            normal = Vector3.Normalize(normal);
            normal.CopyTo(normals[(3 * at)..]);
            if (volume.HasColor) colors[at] = MixColor(around, (x, y, z), (ex, ey, ez), t);
            at++;
        }
    }

    private float Place(int block, int voxel, float t) => (float)(((double)block * BlockKey.Edge + voxel + 0.5 + t) * voxelSize);

    private static Vector3 Gradient(BlockSurroundings around, int index) => new(
        Slope(around, index, 1), Slope(around, index, BlockSurroundings.Stride), Slope(around, index, BlockSurroundings.Stride * BlockSurroundings.Size));

    private static float Slope(BlockSurroundings around, int index, int step)
    {
        float before = around.Distance(index - step), here = around.Distance(index), after = around.Distance(index + step);
        return float.IsNaN(before) ? float.IsNaN(after) ? 0 : after - here : float.IsNaN(after) ? here - before : (after - before) / 2;
    }

    private uint MixColor(BlockSurroundings around, (int X, int Y, int Z) from, (int X, int Y, int Z) to, float t)
    {
        var (a, b) = (ColorOf(around, from), ColorOf(around, to));
        // free space has no colour of its own
        if (a is null && b is null) return NoColor;
        var mixed = Vector3.Lerp(a ?? b!.Value, b ?? a!.Value, t) / 256 + new Vector3(0.5f);
        return (uint)mixed.X | (uint)mixed.Y << 8 | (uint)mixed.Z << 16;
    }

    private Vector3? ColorOf(BlockSurroundings around, (int X, int Y, int Z) voxel)
    {
        var colors = store.Colors(around.Neighbour(voxel.X >> 3, voxel.Y >> 3, voxel.Z >> 3));
        int i = ((voxel.Z & 7) * BlockKey.Edge + (voxel.Y & 7)) * BlockKey.Edge + (voxel.X & 7);
        return colors[i + 3 * BlockKey.Voxels] == 0 ? null : new(colors[i], colors[i + BlockKey.Voxels], colors[i + 2 * BlockKey.Voxels]);
    }
}
