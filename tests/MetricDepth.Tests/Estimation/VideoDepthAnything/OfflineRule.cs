namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>
/// The original's offline mode written down plainly: the whole clip and all windows in memory, each window's inputs put together anew.
/// </summary>
internal static class OfflineRule
{
    private const int T = 32, Overlap = 10, Interpolated = 8;
    private static readonly int[] KeyFrames = [0, 12, 24, 25, 26, 27, 28, 29, 30, 31];

    /// <summary>Depth of all frames.</summary>
    /// <param name="frames">The network's pictures.</param>
    /// <param name="network">Gives a window's 32 maps, already of the frames' size.</param>
    /// <param name="metric">Without alignment.</param>
    public static List<float[]> Run(IReadOnlyList<float[]> frames, Func<float[][], float[][]> network, bool metric)
    {
        int length = frames.Count, step = T - Overlap;
        var list = frames.ToList();
        int appended = (step - length % step) % step + T - step;
        for (int i = 0; i < appended; i++) list.Add(frames[^1]);

        var depths = new List<float[]>();
        float[][]? previous = null;
        for (int start = 0; start < length; start += step)
        {
            float[][] window = [.. list.GetRange(start, T)];
            if (previous is not null)
                for (int i = 0; i < Overlap; i++) window[i] = previous[KeyFrames[i]];
            depths.AddRange(network(window));
            previous = window;
        }

        List<float[]> aligned = [], reference = [];
        for (int start = 0; start < depths.Count; start += T)
        {
            if (start == 0)
            {
                aligned.AddRange(depths.GetRange(0, T));
                reference = [depths[0], depths[12]];
                continue;
            }
            var (scale, shift) = metric ? (1, 0) : ScaleAndShift([.. depths[start], .. depths[start + 1]], [.. reference[0], .. reference[1]]);
            float[] Apply(float[] map) => [.. map.Select(v => Math.Max(0, v * scale + shift))];
            for (int i = 0; i < Interpolated; i++)
            {
                var after = Apply(depths[start + 2 + i]);
                var before = aligned[^(Interpolated - i)];
                float weight = (float)(i / 7.0);
                aligned[^(Interpolated - i)] = [.. before.Zip(after, (b, a) => b * (1 - weight) + a * weight)];
            }
            for (int i = Overlap; i < T; i++) aligned.Add(Apply(depths[start + i]));
            reference = [reference[0], Apply(depths[start + 12])];
        }
        return aligned.GetRange(0, length);
    }

    private static (float Scale, float Shift) ScaleAndShift(float[] prediction, float[] target)
    {
        double a00 = 0, a01 = 0, a11 = prediction.Length, b0 = 0, b1 = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            a00 += (double)prediction[i] * prediction[i];
            a01 += prediction[i];
            b0 += (double)prediction[i] * target[i];
            b1 += target[i];
        }
        double determinant = a00 * a11 - a01 * a01;
        return determinant == 0 ? (1, 0) : ((float)((a11 * b0 - a01 * b1) / determinant), (float)((-a01 * b0 + a00 * b1) / determinant));
    }

    /// <summary>Bilinear, corners on corners.</summary>
    public static float[] Resize(float[] map, int fromWidth, int fromHeight, int width, int height)
    {
        var result = new float[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                double sy = (double)y * (fromHeight - 1) / (height - 1), sx = (double)x * (fromWidth - 1) / (width - 1);
                int y0 = (int)sy, x0 = (int)sx, y1 = Math.Min(y0 + 1, fromHeight - 1), x1 = Math.Min(x0 + 1, fromWidth - 1);
                double fy = sy - y0, fx = sx - x0;
                result[y * width + x] = (float)(
                    (map[y0 * fromWidth + x0] * (1 - fx) + map[y0 * fromWidth + x1] * fx) * (1 - fy)
                    + (map[y1 * fromWidth + x0] * (1 - fx) + map[y1 * fromWidth + x1] * fx) * fy);
            }
        return result;
    }
}
