using System.Runtime.InteropServices;
using MetricDepth.Imaging;

namespace MetricDepth.Infill;

/// <summary>One point of a background: where it is and what colour it has.</summary>
/// <param name="X">Right, m, in the axes of frame 0's camera.</param>
/// <param name="Y">Down, m.</param>
/// <param name="Z">Forward, m.</param>
/// <param name="Color">BGR0.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PlatePoint(float X, float Y, float Z, uint Color);

/// <summary>
/// What is behind the foreground of a clip, as far as any frame has seen it: coloured points in the axes of frame 0's camera.
/// On disk: NPY, float64, shape (2, N, 3): the points in metres (x right, y down, z forward), then their colours as red, green,
/// blue from 0 to 1 (DESIGN §3), as the Python toolbox writes it.
/// </summary>
/// <param name="points">The points.</param>
public sealed class BackgroundPlate(PlatePoint[] points)
{
    /// <summary>The most points that are held at a time.</summary>
    public const int MaxPoints = 12_000_000;

    private const int Chunk = 4096;

    /// <summary>The points.</summary>
    public ReadOnlyMemory<PlatePoint> Points => points;

    /// <summary>How many points there are.</summary>
    public int Count => points.Length;

    /// <summary>
    /// Reads a plate. Points that are not finite are left out; of a file with more than <see cref="MaxPoints"/> every second (third,
    /// …) point is taken.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="MetricDepthException">The file is missing, is no NumPy array of the right shape, or holds no point.</exception>
    public static BackgroundPlate Load(string path, CancellationToken cancellation)
    {
        using var places = NpyReader.Open(path);
        var shape = places.Header.Shape;
        if (shape is not [2, _, 3]) throw Malformed(path, $"its shape is {places.Header.ShapeText}, not (2, N, 3)");
        long count = shape[1];
        using var colors = NpyReader.Open(path);
        colors.Seek(count * 3);

        long step = Math.Max(1, (count + MaxPoints - 1) / MaxPoints);
        var points = new PlatePoint[(int)((count + step - 1) / step)];
        int kept = 0;
        double[] place = new double[3 * Chunk], color = new double[3 * Chunk];
        for (long first = 0; first < count; first += Chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            int n = (int)Math.Min(Chunk, count - first);
            places.Read(place.AsSpan(0, 3 * n));
            colors.Read(color.AsSpan(0, 3 * n));
            for (int i = (int)((step - first % step) % step); i < n; i += (int)Math.Min(step, Chunk))
                if (ToPoint(place.AsSpan(3 * i, 3), color.AsSpan(3 * i, 3)) is { } point) points[kept++] = point;
        }
        if (kept == 0) throw Malformed(path, "it holds no point that could be drawn");
        return new(kept == points.Length ? points : points[..kept]);
    }

    /// <summary>Writes the plate.</summary>
    /// <param name="path">The file; it is replaced.</param>
    /// <param name="cancellation">Stops writing.</param>
    public void Save(string path, CancellationToken cancellation)
    {
        using var writer = new NpyWriter(path, 2, points.Length, 3);
        var values = new double[3 * Chunk];
        for (int pass = 0; pass < 2; pass++)
            for (int first = 0; first < points.Length; first += Chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                var part = points.AsSpan(first, Math.Min(Chunk, points.Length - first));
                for (int i = 0; i < part.Length; i++)
                {
                    var p = part[i];
                    (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = pass == 0
                        ? (p.X, p.Y, p.Z)
                        : ((p.Color >> 16 & 255) / 255.0, (p.Color >> 8 & 255) / 255.0, (p.Color & 255) / 255.0);
                }
                writer.Write(values.AsSpan(0, 3 * part.Length));
            }
        writer.Complete();
    }

    private static PlatePoint? ToPoint(ReadOnlySpan<double> place, ReadOnlySpan<double> color)
    {
        var point = new PlatePoint((float)place[0], (float)place[1], (float)place[2], Level(color[0]) << 16 | Level(color[1]) << 8 | Level(color[2]));
        bool usable = float.IsFinite(point.X) && float.IsFinite(point.Y) && float.IsFinite(point.Z)
            && double.IsFinite(color[0]) && double.IsFinite(color[1]) && double.IsFinite(color[2]);
        return usable ? point : null;
    }

    private static uint Level(double value) => (uint)Math.Round(Math.Clamp(value, 0, 1) * 255);

    private static MetricDepthException Malformed(string path, string why) => new("BackgroundMalformed", FailureKind.InvalidData,
        $"'{path}' is not a background: {why}. A background is NPY, float64: points in metres, then their colours from 0 to 1. Make one with Invoke-StereoRender -SaveBackground.");
}
