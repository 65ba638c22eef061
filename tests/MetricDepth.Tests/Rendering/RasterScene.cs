using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;

namespace MetricDepth.Tests.Rendering;

/// <summary>Source frames for tests of the rasteriser, and pictures drawn from them.</summary>
internal static class RasterScene
{
    /// <summary>A frame from formulas for depth (0 = none) and colour.</summary>
    public static SourceImage Source(int width, int height, Func<int, int, double> depth, Func<int, int, uint>? color = null)
    {
        var source = new SourceImage(width, height) { Color = new uint[width * height] };
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                double z = depth(x, y);
                source.InverseDepth[y * width + x] = z > 0 ? (float)(1 / z) : 0;
                source.Color[y * width + x] = color?.Invoke(x, y) ?? 0x808080;
            }
        return source;
    }

    /// <summary>Surfaces in steps and slopes, with patches of missing depth; every colour different.</summary>
    public static SourceImage Random(Random random, int width, int height)
    {
        var patches = Enumerable.Range(0, 6).Select(_ => (X: random.Next(width), Y: random.Next(height), Size: 1 + random.Next(1 + width / 3), Z: 0.8 + 3 * random.NextDouble())).ToArray();
        double slope = random.NextDouble() - 0.5;
        return Source(width, height, (x, y) =>
        {
            if (random.Next(25) == 0) return 0;
            double z = 4 + slope * x / width;
            foreach (var p in patches)
                if (Math.Abs(x - p.X) + Math.Abs(y - p.Y) < p.Size) z = Math.Min(z, p.Z);
            return z * (1 + 0.01 * random.NextDouble());
        }, (_, _) => (uint)random.Next(0x1000000));
    }

    /// <summary>The camera of a picture, 63° wide.</summary>
    public static Intrinsics Camera(int width, int height) => Intrinsics.FromFieldOfView(width, height, 63, null);

    /// <summary>Draws with the rasteriser.</summary>
    public static ViewImage Draw(SourceImage source, Pose sourceToView, Projection? projection = null, int threads = 1)
    {
        var camera = Camera(source.Width, source.Height);
        projection ??= new PinholeProjection(camera);
        var view = new ViewImage(projection.Width, projection.Height);
        new Rasterizer(threads).Draw(source, camera, sourceToView, projection, view);
        return view;
    }

    /// <summary>A view's pixels without the padding of its rows.</summary>
    public static T[] Pixels<T>(ViewImage view, T[] plane) => [.. Enumerable.Range(0, view.Height).SelectMany(y => plane[view.Row(y)])];
}
