using MetricDepth.Geometry;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Infill;

/// <summary>Some neighbouring points of a plate.</summary>
/// <param name="First">Index of the first.</param>
/// <param name="Count">How many.</param>
/// <param name="Centre">The middle of a ball around them, m.</param>
/// <param name="Radius">The radius of the ball, m.</param>
/// <param name="Spacing">How far one is from the next, m.</param>
internal readonly record struct PlateCluster(int First, int Count, Vector3 Centre, float Radius, float Spacing);

/// <summary>
/// The points of a plate in groups that lie together, so that a view passes over whatever is not in its holes. How densely the
/// points lie is measured here, because a file does not say.
/// </summary>
internal sealed class BackgroundClusters
{
    private const int Side = 3; // cells of 8 × 8 pixels
    private const int MaxCount = 256;
    private const int Samples = 12;
    // On a square grid four neighbours are at the distance of the grid; among points strewn evenly the fourth is as far on average.
    private const int Neighbour = 4;

    private readonly PlatePoint[] _points;
    private readonly PlateCluster[] _clusters;

    /// <summary>Sorts a plate.</summary>
    /// <param name="plate">The points.</param>
    /// <param name="camera">The clip's camera: the plate is divided as frame 0 saw it.</param>
    /// <param name="cancellation">Stops the work.</param>
    public BackgroundClusters(BackgroundPlate plate, Intrinsics camera, CancellationToken cancellation = default)
    {
        var grid = new BackgroundGrid(camera);
        ulong[] keys;
        (keys, _points) = Sort(grid, plate.Points.Span, cancellation);

        var places = new List<(int First, int Count)>();
        int end = Array.BinarySearch(keys, ulong.MaxValue) is >= 0 and int some ? keys.AsSpan(0, some + 1).IndexOf(ulong.MaxValue) : keys.Length;
        for (int first = 0; first < end;)
        {
            int next = first + 1;
            while (next < end && keys[next] == keys[first] && next - first < MaxCount) next++;
            places.Add((first, next - first));
            first = next;
        }
        _clusters = new PlateCluster[places.Count];
        var spacing = new float[places.Count];
        Parallel.For(0, places.Count, new() { CancellationToken = cancellation }, i => (_clusters[i], spacing[i]) = Measure(grid, camera, places[i].First, places[i].Count));
        // Where too few points lie together to tell, they are as dense as elsewhere.
        var known = spacing.Where(s => s > 0).Order().ToArray();
        float usual = known.Length > 0 ? known[known.Length / 2] : 1;
        for (int i = 0; i < _clusters.Length; i++)
        {
            float pixels = spacing[i] > 0 ? Math.Min(spacing[i], 4 * usual) : usual;
            _clusters[i] = _clusters[i] with { Spacing = pixels * _clusters[i].Spacing };
        }
    }

    /// <summary>The points, cluster by cluster.</summary>
    public ReadOnlySpan<PlatePoint> Points => _points;

    /// <summary>The clusters.</summary>
    public ReadOnlySpan<PlateCluster> Clusters => _clusters;

    /// <summary>The cluster's ball with the width of a pixel there as its spacing, and its real spacing in pixels; 0 if unknown.</summary>
    private (PlateCluster Cluster, float Pixels) Measure(BackgroundGrid grid, Intrinsics camera, int first, int count)
    {
        var points = _points.AsSpan(first, count);
        Vector3 least = new(float.MaxValue), most = new(float.MinValue);
        foreach (ref readonly var p in points)
        {
            var at = new Vector3(p.X, p.Y, p.Z);
            (least, most) = (Vector3.Min(least, at), Vector3.Max(most, at));
        }
        var centre = (least + most) / 2;
        float radius = 0;
        Span<(float U, float V)> places = stackalloc (float, float)[MaxCount];
        float depth = 0;
        for (int i = 0; i < count; i++)
        {
            var p = points[i];
            radius = Math.Max(radius, Vector3.Distance(centre, new(p.X, p.Y, p.Z)));
            grid.Locate(p.X, p.Y, p.Z, out _, out float u, out float v, out float d);
            places[i] = (u, v);
            depth += d;
        }
        return (new(first, count, centre, radius, depth / count / (float)camera.Fx), Pitch(places[..count]));
    }

    private static float Pitch(ReadOnlySpan<(float U, float V)> places)
    {
        if (places.Length <= Neighbour) return 0;
        Span<float> found = stackalloc float[Samples];
        int samples = Math.Min(Samples, places.Length);
        Span<float> nearest = stackalloc float[Neighbour];
        for (int s = 0; s < samples; s++)
        {
            int i = s * places.Length / samples;
            nearest.Fill(float.MaxValue);
            for (int j = 0; j < places.Length; j++)
            {
                if (j == i) continue;
                float du = places[j].U - places[i].U, dv = places[j].V - places[i].V, d = du * du + dv * dv;
                for (int k = 0; k < Neighbour && d < float.MaxValue; k++)
                    if (d < nearest[k]) (nearest[k], d) = (d, nearest[k]);
            }
            found[s] = nearest[^1];
        }
        found[..samples].Sort();
        return MathF.Sqrt(found[samples / 2]);
    }

    private static ulong Key(BackgroundGrid grid, in PlatePoint p)
    {
        if (!grid.Locate(p.X, p.Y, p.Z, out int pyramid, out float u, out float v, out float depth)) return ulong.MaxValue;
        int column = (int)MathF.Floor(u + 0.5f) >> Side, row = (int)MathF.Floor(v + 0.5f) >> Side, bin = (int)MathF.Floor(BackgroundGrid.DepthBin(depth, 1));
        return (ulong)pyramid << 48 | (ulong)(ushort)row << 32 | (ulong)(ushort)column << 16 | (ushort)bin;
    }

    // By pyramid and row first, by counting; then each of these strips by itself, on all threads.
    private static (ulong[] Keys, PlatePoint[] Points) Sort(BackgroundGrid grid, ReadOnlySpan<PlatePoint> unsorted, CancellationToken cancellation)
    {
        var starts = new Dictionary<uint, int>();
        var unsortedKeys = new ulong[unsorted.Length];
        for (int i = 0; i < unsorted.Length; i++)
        {
            unsortedKeys[i] = Key(grid, unsorted[i]);
            uint strip = (uint)(unsortedKeys[i] >> 32);
            starts[strip] = starts.GetValueOrDefault(strip) + 1;
        }
        cancellation.ThrowIfCancellationRequested();
        var strips = new List<(int First, int Count)>();
        int first = 0;
        foreach (var (strip, count) in starts.OrderBy(s => s.Key).ToArray())
        {
            strips.Add((first, count));
            starts[strip] = first;
            first += count;
        }
        var (keys, points) = (new ulong[unsorted.Length], new PlatePoint[unsorted.Length]);
        for (int i = 0; i < unsorted.Length; i++)
        {
            int to = starts[(uint)(unsortedKeys[i] >> 32)]++;
            (keys[to], points[to]) = (unsortedKeys[i], unsorted[i]);
        }
        Parallel.ForEach(strips, new() { CancellationToken = cancellation }, strip => keys.AsSpan(strip.First, strip.Count).Sort(points.AsSpan(strip.First, strip.Count)));
        return (keys, points);
    }
}
