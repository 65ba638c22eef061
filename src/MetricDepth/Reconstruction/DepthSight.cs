using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction;

/// <summary>
/// One depth frame ready for integration: what each pixel says and how much it counts.
/// <para>
/// A look counts <c>cos θ · (z₀ / z)²</c>. θ is the angle between ray and surface normal. The error of depth from networks and from motion
/// stereo grows about in proportion to depth, so its inverse variance falls with 1/z²; a Kinect's axial noise grows as
/// 1.2 mm + 1.9 mm (z − 0.4)² and with θ (Nguyen, Izadi, Lovell, "Modeling Kinect Sensor Noise for Improved 3D Reconstruction and Tracking",
/// 2012), where the inverse variance would fall faster still: 1/z² is right for the one and careful for the other.
/// </para>
/// <para>
/// Pixels beside a jump in depth say nothing: sensors and networks put points between front and back there, and rays of neighbours tell
/// what is empty. A jump is a step that a surface seen at more than 85° to its normal would make.
/// </para>
/// </summary>
/// <param name="weighting">How looks are weighted; without depth and angle, edges count as well.</param>
internal sealed class DepthSight(SightWeighting weighting)
{
    /// <summary>Pixels along an edge of a tile.</summary>
    public const int Tile = 8;

    // tan 85°, as where edges are removed elsewhere
    private const float SteepestSlope = 11.43f;
    private static readonly Vector256<float> Lanes = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);

    // 1/depth, 0 = none, with a border of one tile to the sides and one row above and below
    private float[] _inverse = [];
    private int _inverseStride;
    private double _typicalDepth;

    /// <summary>The camera of the frame.</summary>
    public Intrinsics Camera { get; private set; }

    /// <summary>Depth, m, 0 = says nothing; rows of <see cref="Stride"/>.</summary>
    public float[] Depth { get; private set; } = [];

    /// <summary>Weight of each look, 0 where there is none; rows of <see cref="Stride"/>.</summary>
    public float[] Weights { get; private set; } = [];

    /// <summary>From one row to the next: the width, rounded up to whole tiles.</summary>
    public int Stride { get; private set; }

    /// <summary>Nearest depth in each tile of 8×8 pixels, m; infinity in one that says nothing.</summary>
    public float[] TileNearest { get; private set; } = [];

    /// <summary>Farthest depth in each tile of 8×8 pixels, m; 0 in one that says nothing.</summary>
    public float[] TileFarthest { get; private set; } = [];

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => Stride / Tile;

    /// <summary>Rows of tiles.</summary>
    public int TileRows => (Camera.Height + Tile - 1) / Tile;

    /// <summary>Farthest depth in the frame, m; 0 when there is none.</summary>
    public float Farthest { get; private set; }

    /// <summary>Takes a frame.</summary>
    /// <param name="depth">Depth, m; what is not above 0 and at most <paramref name="limit"/> is none; H×W.</param>
    /// <param name="camera">Its camera.</param>
    /// <param name="limit">Farthest depth that can be addressed, m.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public unsafe void Load(ReadOnlySpan<float> depth, Intrinsics camera, float limit, ParallelOptions parallel)
    {
        if (depth.Length != camera.Width * camera.Height)
            throw new ArgumentException($"The depth has {depth.Length} pixels, its camera {camera.Width}×{camera.Height}.", nameof(depth));
        if (camera.Width != Camera.Width || camera.Height != Camera.Height) Resize(camera.Width, camera.Height);
        Camera = camera;
        if (_typicalDepth == 0) _typicalDepth = MedianDepth(depth, limit);
        fixed (float* d = depth)
        {
            var source = d;
            Parallel.For(0, TileRows, parallel, band =>
            {
                for (int y = band * Tile; y < Math.Min((band + 1) * Tile, Camera.Height); y++)
                    TakeRow(new(source + y * Camera.Width, Camera.Width), y, limit);
            });
        }
        Parallel.For(0, TileRows, parallel, band =>
        {
            for (int y = band * Tile; y < Math.Min((band + 1) * Tile, Camera.Height); y++) WeighRow(y);
            SummariseTiles(band);
        });
        Farthest = 0;
        foreach (float z in TileFarthest) Farthest = Math.Max(Farthest, z);
    }

    private void Resize(int width, int height)
    {
        Stride = (width + Tile - 1) / Tile * Tile;
        _inverseStride = Stride + 2 * Tile;
        Depth = new float[Stride * height];
        Weights = new float[Stride * height];
        _inverse = new float[_inverseStride * (height + 2)];
        int tiles = Stride / Tile * ((height + Tile - 1) / Tile);
        (TileNearest, TileFarthest) = (new float[tiles], new float[tiles]);
    }

    private int InverseAt(int y) => (y + 1) * _inverseStride + Tile;

    private void TakeRow(ReadOnlySpan<float> source, int y, float limit)
    {
        var depth = Depth.AsSpan(y * Stride, Stride);
        var inverse = _inverse.AsSpan(InverseAt(y), Stride);
        source.CopyTo(depth);
        depth[source.Length..].Clear();
        var depths = MemoryMarshal.Cast<float, Vector256<float>>(depth);
        var inverses = MemoryMarshal.Cast<float, Vector256<float>>(inverse);
        var most = Vector256.Create(limit);
        for (int i = 0; i < depths.Length; i++)
        {
            var z = depths[i];
            var known = Vector256.GreaterThan(z, Vector256<float>.Zero) & Vector256.LessThanOrEqual(z, most);
            depths[i] = z & known;
            inverses[i] = (Vector256<float>.One / z) & known;
        }
    }

    private void WeighRow(int y)
    {
        var depth = MemoryMarshal.Cast<float, Vector256<float>>(Depth.AsSpan(y * Stride, Stride));
        var weights = MemoryMarshal.Cast<float, Vector256<float>>(Weights.AsSpan(y * Stride, Stride));
        if (weighting == SightWeighting.Uniform)
        {
            for (int i = 0; i < depth.Length; i++) weights[i] = Vector256<float>.One & Vector256.GreaterThan(depth[i], Vector256<float>.Zero);
            return;
        }
        var camera = Camera;
        float stepX = SteepestSlope / (float)camera.Fx, stepY = SteepestSlope / (float)camera.Fy, near = (float)(_typicalDepth * _typicalDepth);
        float fx = (float)camera.Fx, fy = (float)camera.Fy;
        var ry = Vector256.Create((float)((y - camera.Cy) / camera.Fy));
        for (int i = 0; i < depth.Length; i++)
        {
            int at = InverseAt(y) + i * Tile;
            var here = Vector256.Create(_inverse, at);
            Vector256<float> left = Vector256.Create(_inverse, at - 1), right = Vector256.Create(_inverse, at + 1);
            Vector256<float> above = Vector256.Create(_inverse, at - _inverseStride), below = Vector256.Create(_inverse, at + _inverseStride);
            var valid = Vector256.GreaterThan(here, Vector256<float>.Zero)
                & ~(Jumps(here, left, stepX) | Jumps(here, right, stepX) | Jumps(here, above, stepY) | Jumps(here, below, stepY));
            // Inverse depth is linear in pixels on a plane: n·X = d gives 1/z = n·(x, y, 1)/d.
            var rx = (Lanes + Vector256.Create((float)(i * Tile - camera.Cx))) * (1 / fx);
            Vector256<float> nx = Slope(left, here, right) * fx, ny = Slope(above, here, below) * fy, nz = here - rx * nx - ry * ny;
            var cos = here / Vector256.Sqrt((nx * nx + ny * ny + nz * nz) * (rx * rx + ry * ry + Vector256<float>.One));
            var weight = cos * here * here * near;
            valid &= Vector256.GreaterThan(weight, Vector256<float>.Zero);
            weights[i] = weight & valid;
            depth[i] &= valid;
        }
    }

    // |1/w − 1/w'| is more than a share of the nearer depth; next to no depth is no jump
    private static Vector256<float> Jumps(Vector256<float> here, Vector256<float> other, float share) =>
        Vector256.GreaterThan(Vector256.Abs(here - other), Vector256.MinNative(here, other) * share) & Vector256.GreaterThan(other, Vector256<float>.Zero);

    // per pixel, from both sides as far as they are known
    private static Vector256<float> Slope(Vector256<float> before, Vector256<float> here, Vector256<float> after)
    {
        Vector256<float> hasBefore = Vector256.GreaterThan(before, Vector256<float>.Zero), hasAfter = Vector256.GreaterThan(after, Vector256<float>.Zero);
        var sum = ((here - before) & hasBefore) + ((after - here) & hasAfter);
        return Vector256.ConditionalSelect(hasBefore & hasAfter, sum * 0.5f, sum);
    }

    private void SummariseTiles(int band)
    {
        var depth = MemoryMarshal.Cast<float, Vector256<float>>(Depth.AsSpan());
        int top = band * Tile, bottom = Math.Min(top + Tile, Camera.Height);
        for (int column = 0; column < TileColumns; column++)
        {
            Vector256<float> nearest = Vector256.Create(float.PositiveInfinity), farthest = Vector256<float>.Zero;
            for (int y = top; y < bottom; y++)
            {
                var z = depth[y * TileColumns + column];
                farthest = Vector256.MaxNative(farthest, z);
                nearest = Vector256.ConditionalSelect(Vector256.GreaterThan(z, Vector256<float>.Zero), Vector256.MinNative(nearest, z), nearest);
            }
            float most = 0, least = float.PositiveInfinity;
            for (int lane = 0; lane < Tile; lane++) (most, least) = (Math.Max(most, farthest[lane]), Math.Min(least, nearest[lane]));
            (TileFarthest[band * TileColumns + column], TileNearest[band * TileColumns + column]) = (most, least);
        }
    }

    private static double MedianDepth(ReadOnlySpan<float> depth, float limit)
    {
        var known = new List<float>();
        foreach (float z in depth)
            if (z > 0 && z <= limit) known.Add(z);
        if (known.Count == 0) return 0;
        known.Sort();
        return known[known.Count / 2];
    }
}
