using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction;

/// <summary>
/// Brings what one frame says into blocks of voxels: each voxel is projected into the frame, and its distance along the ray to what is seen
/// there, cut off at the truncation distance, enters a weighted running average (Curless and Levoy, "A Volumetric Method for Building Complex
/// Models from Range Images", 1996). Voxels before the surface are thereby emptied: what has passed by is averaged away. Voxels
/// further behind the surface than the truncation distance are unseen. Rows of eight voxels are calculated at once.
/// </summary>
internal readonly unsafe struct BlockIntegrator
{
    // Full weight to this share of the truncation distance behind the surface, then falling to 0, so that the back of a thin thing is
    // not pushed outwards by what is seen of its front (Bylow et al., "Real-Time Camera Tracking and 3D Reconstruction Using SDFs", 2013).
    private const double FullWeightBehind = 0.25;
    private readonly float* _depth, _weights;
    private readonly uint* _colors;
    private readonly int _stride, _colorStride;
    private readonly DepthSight _sight;
    private readonly float _fx, _fy, _cx, _cy, _right, _bottom, _truncation, _fall, _size;
    private readonly double _voxelSize, _blockSize;
    private readonly Pose _worldToCamera;
    private readonly Vector256<float> _stepX, _stepY, _stepZ, _cornersX, _cornersY, _cornersZ;

    /// <summary>Prepares for one frame; the pointers are held only as long as this is used.</summary>
    /// <param name="sight">The frame.</param>
    /// <param name="depth">Its depth.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="colors">Its colours, BGR0, or null.</param>
    /// <param name="cameraToWorld">Its pose.</param>
    /// <param name="voxelSize">m.</param>
    /// <param name="truncation">m.</param>
    /// <param name="weighting">Whether weights fall behind the surface.</param>
    public BlockIntegrator(DepthSight sight, float* depth, float* weights, uint* colors, Pose cameraToWorld, double voxelSize, double truncation,
        SightWeighting weighting)
    {
        var camera = sight.Camera;
        _sight = sight;
        _depth = depth;
        _weights = weights;
        _colors = colors;
        (_stride, _colorStride) = (sight.Stride, camera.Width);
        (_fx, _fy, _right, _bottom) = ((float)camera.Fx, (float)camera.Fy, camera.Width, camera.Height);
        // + 0.5, so that cutting off the fraction finds the nearest pixel
        (_cx, _cy) = ((float)(camera.Cx + 0.5), (float)(camera.Cy + 0.5));
        (_voxelSize, _blockSize, _size) = (voxelSize, voxelSize * BlockKey.Edge, (float)voxelSize);
        _truncation = (float)truncation;
        _fall = weighting == SightWeighting.Uniform ? float.MaxValue : (float)(1 / (truncation * (1 - FullWeightBehind)));
        _worldToCamera = cameraToWorld.Inverse;
        var lanes = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) * _size;
        var r = _worldToCamera.Rotation;
        (_stepX, _stepY, _stepZ) = (lanes * (float)r.M00, lanes * (float)r.M10, lanes * (float)r.M20);
        // from a block's middle to the centres of its outermost voxels
        float half = _size * (BlockKey.Edge - 1) / 2;
        Vector256<float> x = Vector256.Create(-half, half, -half, half, -half, half, -half, half),
            y = Vector256.Create(-half, -half, half, half, -half, -half, half, half), z = Vector256.Create(-half, -half, -half, -half, half, half, half, half);
        _cornersX = x * (float)r.M00 + y * (float)r.M01 + z * (float)r.M02;
        _cornersY = x * (float)r.M10 + y * (float)r.M11 + z * (float)r.M12;
        _cornersZ = x * (float)r.M20 + y * (float)r.M21 + z * (float)r.M22;
    }

    /// <summary>Whether the frame can say anything about a block: it is in the picture, and not behind everything that is seen there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Sees(BlockKey key)
    {
        var c = _worldToCamera * (new Vector3(key.X + 0.5, key.Y + 0.5, key.Z + 0.5) * _blockSize);
        var z = _cornersZ + Vector256.Create((float)c.Z);
        uint before = Vector256.GreaterThan(z, Vector256<float>.Zero).ExtractMostSignificantBits();
        if (before != 0xFF) return before != 0;
        var inverse = Vector256<float>.One / z;
        var (left, right) = Extent((_cornersX + Vector256.Create((float)c.X)) * inverse * _fx + Vector256.Create(_cx));
        var (top, bottom) = Extent((_cornersY + Vector256.Create((float)c.Y)) * inverse * _fy + Vector256.Create(_cy));
        if (!(right > 0 && left < _right && bottom > 0 && top < _bottom)) return false;
        float nearest = Extent(z).Least - _truncation;
        // one pixel more on each side for what rounding does
        int x0 = (int)Math.Max(left - 1, 0) / DepthSight.Tile, x1 = (int)Math.Min(right + 1, _right - 1) / DepthSight.Tile;
        int y0 = (int)Math.Max(top - 1, 0) / DepthSight.Tile, y1 = (int)Math.Min(bottom + 1, _bottom - 1) / DepthSight.Tile;
        for (int y = y0; y <= y1; y++)
            foreach (float farthest in _sight.TileFarthest.AsSpan(y * _sight.TileColumns + x0, x1 - x0 + 1))
                if (farthest > 0 && farthest >= nearest) return true;
        return false;
    }

    /// <summary>Updates a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Integrate(BlockKey key, VoxelSlab slab, int start)
    {
        // the first voxel's centre in the camera, from whole numbers in double precision: far from the origin as exact as near it
        var first = _worldToCamera * (new Vector3(key.X, key.Y, key.Z) * _blockSize + new Vector3(0.5, 0.5, 0.5) * _voxelSize);
        var r = _worldToCamera.Rotation;
        float yx = (float)r.M01 * _size, yy = (float)r.M11 * _size, yz = (float)r.M21 * _size;
        float zx = (float)r.M02 * _size, zy = (float)r.M12 * _size, zz = (float)r.M22 * _size;
        float x0 = (float)first.X, y0 = (float)first.Y, z0 = (float)first.Z;
        fixed (float* distances = slab.Distances, sums = slab.Weights)
        fixed (ushort* colors = slab.Colors)
        {
            var color = _colors is null ? null : colors + start * VoxelSlab.ColorPlanes;
            for (int row = 0; row < BlockKey.Edge * BlockKey.Edge; row++)
            {
                int j = row % BlockKey.Edge, k = row / BlockKey.Edge, at = row * BlockKey.Edge;
                var x = _stepX + Vector256.Create(x0 + j * yx + k * zx);
                var y = _stepY + Vector256.Create(y0 + j * yy + k * zy);
                var z = _stepZ + Vector256.Create(z0 + j * yz + k * zz);
                IntegrateRow(x, y, z, distances + start + at, sums + start + at, color is null ? null : color + at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void IntegrateRow(Vector256<float> x, Vector256<float> y, Vector256<float> z, float* distances, float* sums, ushort* colors)
    {
        var inverse = Vector256<float>.One / z;
        Vector256<float> rx = x * inverse, ry = y * inverse;
        Vector256<float> u = rx * _fx + Vector256.Create(_cx), v = ry * _fy + Vector256.Create(_cy);
        var valid = Vector256.GreaterThan(z, Vector256<float>.Zero)
            & Vector256.GreaterThanOrEqual(u, Vector256<float>.Zero) & Vector256.LessThan(u, Vector256.Create(_right))
            & Vector256.GreaterThanOrEqual(v, Vector256<float>.Zero) & Vector256.LessThan(v, Vector256.Create(_bottom));
        if (valid.ExtractMostSignificantBits() == 0) return;
        Vector256<int> column = Vector256.ConvertToInt32Native(u), line = Vector256.ConvertToInt32Native(v);
        var pixel = (line * _stride + column) & valid.AsInt32();
        var depth = Gather(_depth, pixel);
        var distance = (depth - z) * Vector256.Sqrt(rx * rx + ry * ry + Vector256<float>.One);
        valid &= Vector256.GreaterThan(depth, Vector256<float>.Zero) & Vector256.GreaterThan(distance, Vector256.Create(-_truncation));
        if (valid.ExtractMostSignificantBits() == 0) return;
        var fall = Vector256.MinNative((distance + Vector256.Create(_truncation)) * _fall, Vector256<float>.One);
        var weight = Gather(_weights, pixel) * fall & valid;
        var cut = Vector256.MinNative(distance, Vector256.Create(_truncation));
        Vector256<float> sum = Vector256.Load(sums), average = Vector256.Load(distances), newSum = sum + weight;
        Vector256.ConditionalSelect(valid, average + (cut - average) * (weight / newSum), average).Store(distances);
        newSum.Store(sums);
        if (colors is null) return;
        valid &= Vector256.LessThan(distance, Vector256.Create(_truncation));
        if (valid.ExtractMostSignificantBits() != 0) MixColor(Gather(_colors, (line * _colorStride + column) & valid.AsInt32()), weight, valid, colors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixColor(Vector256<uint> seen, Vector256<float> weight, Vector256<float> valid, ushort* colors)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Load(colors + 3 * BlockKey.Voxels));
        var sum = Vector256.ShiftLeft(Vector256.Create(lower, upper), 16).AsSingle();
        var newSum = sum + weight;
        var share = weight / newSum;
        var mask = Narrow(valid.AsUInt32());
        for (int plane = 0; plane < 3; plane++)
        {
            var old = Vector128.Load(colors + plane * BlockKey.Voxels);
            (lower, upper) = Vector128.Widen(old);
            var average = Vector256.ConvertToSingle(Vector256.Create(lower, upper).AsInt32());
            var now = Vector256.ConvertToSingle(((Vector256.ShiftRightLogical(seen, 8 * plane) & Vector256.Create(0xFFu)) << 8).AsInt32());
            var mixed = Vector256.ConvertToInt32Native(average + (now - average) * share + Vector256.Create(0.5f)).AsUInt32();
            Vector128.ConditionalSelect(mask, Narrow(mixed), old).Store(colors + plane * BlockKey.Voxels);
        }
        // rounded to the upper half of a float: from a few hundred looks on the sum stands still, and the average goes with the times
        var rounded = Vector256.ShiftRightLogical(newSum.AsUInt32() + Vector256.Create(0x8000u), 16);
        Vector128.ConditionalSelect(mask, Narrow(rounded), Narrow(sum.AsUInt32() >>> 16)).Store(colors + 3 * BlockKey.Voxels);
    }

    private static (float Least, float Most) Extent(Vector256<float> v)
    {
        Vector128<float> least = Vector128.MinNative(v.GetLower(), v.GetUpper()), most = Vector128.MaxNative(v.GetLower(), v.GetUpper());
        least = Vector128.MinNative(least, Vector128.Shuffle(least, Vector128.Create(2, 3, 0, 1)));
        most = Vector128.MaxNative(most, Vector128.Shuffle(most, Vector128.Create(2, 3, 0, 1)));
        return (Math.Min(least[0], least[1]), Math.Max(most[0], most[1]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Narrow(Vector256<uint> v) => Vector128.Narrow(v.GetLower(), v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gather(float* from, Vector256<int> at) =>
        Avx2.IsSupported ? Avx2.GatherVector256(from, at, sizeof(float))
            : Vector256.Create(from[at[0]], from[at[1]], from[at[2]], from[at[3]], from[at[4]], from[at[5]], from[at[6]], from[at[7]]);

    private static Vector256<uint> Gather(uint* from, Vector256<int> at) => Gather((float*)from, at).AsUInt32();
}
