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
    // tan 85°, as where edges are removed elsewhere
    private const float SteepestSlope = 11.43f;
    private float[] _depth = [], _weights = [], _rowFarthest = [];
    private double _typicalDepth;

    /// <summary>The camera of the frame.</summary>
    public Intrinsics Camera { get; private set; }

    /// <summary>Depth, m, 0 = says nothing; H×W.</summary>
    public float[] Depth => _depth;

    /// <summary>Weight of each look, 0 where there is none; H×W.</summary>
    public float[] Weights => _weights;

    /// <summary>Farthest depth in the frame, m; 0 when there is none.</summary>
    public float Farthest { get; private set; }

    /// <summary>Takes a frame.</summary>
    /// <param name="depth">Depth, m; what is not above 0 and at most <paramref name="limit"/> is none; H×W.</param>
    /// <param name="camera">Its camera.</param>
    /// <param name="limit">Farthest depth that can be addressed, m.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public unsafe void Load(ReadOnlySpan<float> depth, Intrinsics camera, float limit, ParallelOptions parallel)
    {
        int n = camera.Width * camera.Height;
        if (depth.Length != n) throw new ArgumentException($"The depth has {depth.Length} pixels, its camera {n}.", nameof(depth));
        if (_depth.Length != n) (_depth, _weights) = (new float[n], new float[n]);
        if (_rowFarthest.Length != camera.Height) _rowFarthest = new float[camera.Height];
        Camera = camera;
        if (_typicalDepth == 0) _typicalDepth = MedianDepth(depth, limit);
        fixed (float* d = depth)
        {
            var source = d;
            Parallel.For(0, camera.Height, parallel, y => _rowFarthest[y] = LoadRow(source, y, limit));
        }
        Farthest = _rowFarthest.Max();
    }

    private unsafe float LoadRow(float* depth, int y, float limit)
    {
        var camera = Camera;
        int w = camera.Width, up = y > 0 ? -w : 0, down = y + 1 < camera.Height ? w : 0;
        float stepX = SteepestSlope / (float)camera.Fx, stepY = SteepestSlope / (float)camera.Fy, farthest = 0;
        float fx = (float)camera.Fx, fy = (float)camera.Fy, ry = (float)((y - camera.Cy) / camera.Fy), near = (float)(_typicalDepth * _typicalDepth);
        for (int x = 0, i = y * w; x < w; x++, i++)
        {
            float z = Known(depth[i]);
            float weight = 0;
            if (z > 0)
            {
                float left = x > 0 ? Known(depth[i - 1]) : 0, right = x + 1 < w ? Known(depth[i + 1]) : 0;
                float above = up != 0 ? Known(depth[i + up]) : 0, below = down != 0 ? Known(depth[i + down]) : 0;
                if (weighting == SightWeighting.Uniform) weight = 1;
                else if (!(Jumps(left, stepX) | Jumps(right, stepX) | Jumps(above, stepY) | Jumps(below, stepY)))
                {
                    // Inverse depth is linear in pixels on a plane: n·X = d gives 1/z = n·(x, y, 1)/d.
                    float w0 = 1 / z, rx = (float)((x - camera.Cx) / camera.Fx);
                    float nx = fx * Slope(left, w0, right), ny = fy * Slope(above, w0, below);
                    float nz = w0 - rx * nx - ry * ny;
                    float cos = w0 / MathF.Sqrt((nx * nx + ny * ny + nz * nz) * (rx * rx + ry * ry + 1));
                    weight = cos * near * w0 * w0;
                }
            }
            if (!(weight > 0)) z = weight = 0;
            _depth[i] = z;
            _weights[i] = weight;
            farthest = Math.Max(farthest, z);

            bool Jumps(float other, float step) => other > 0 && Math.Abs(other - z) > step * Math.Min(other, z);
        }
        return farthest;

        float Known(float z) => z > 0 && z <= limit ? z : 0;
    }

    // per pixel, from depths on both sides as far as they are known
    private static float Slope(float before, float inverse, float after) => (before > 0, after > 0) switch
    {
        (true, true) => (1 / after - 1 / before) / 2,
        (true, false) => inverse - 1 / before,
        (false, true) => 1 / after - inverse,
        _ => 0,
    };

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
