using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Estimation;

/// <summary>Semi-global aggregation as the paper writes it, one direction after the other, without any vectors.</summary>
internal static class PlainAggregation
{
    private static readonly (int X, int Y)[] Directions = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];

    public static ushort[] Run(byte[] volume, int width, int height, int planes, Plane<byte> luma, MotionStereoSettings settings)
    {
        var sum = new ushort[volume.Length];
        foreach (var (dx, dy) in Directions)
        {
            var path = new int[volume.Length];
            for (int j = 0; j < height; j++)
                for (int i = 0; i < width; i++)
                {
                    int x = dx < 0 ? width - 1 - i : i, y = dy < 0 ? height - 1 - j : j, at = (y * width + x) * planes;
                    int px = x - dx, py = y - dy, before = (py * width + px) * planes;
                    bool first = px < 0 || py < 0 || px >= width || py >= height;
                    int least = first ? 0 : path.AsSpan(before, planes).ToArray().Min();
                    double flat = first ? 0 : Math.Exp(-Math.Abs(luma[x, y] - luma[px, py]) / 10.0);
                    int jump = (int)Math.Round(settings.EdgeStepPenalty + (settings.LargeStepPenalty - settings.EdgeStepPenalty) * flat);
                    for (int d = 0; d < planes; d++)
                    {
                        int best = 0;
                        if (!first)
                        {
                            best = Math.Min(path[before + d], least + jump);
                            if (d > 0) best = Math.Min(best, path[before + d - 1] + settings.SmallStepPenalty);
                            if (d + 1 < planes) best = Math.Min(best, path[before + d + 1] + settings.SmallStepPenalty);
                        }
                        path[at + d] = volume[at + d] + best - least;
                        sum[at + d] += (ushort)path[at + d];
                    }
                }
        }
        return sum;
    }
}
