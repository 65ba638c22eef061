using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// A clip to measure with: textured cards drift in front of a slanted textured wall, with the grain of a camera, so that
/// codecs have about as much to do as with footage. Seeded: always the same clip.
/// </summary>
internal static class TexturedWalk
{
    private const int Cards = 12;
    private const int TextureSide = 1024;

    /// <summary>Writes the colour clip (H.264) and its depth video.</summary>
    public static DepthVideo Write(string folder, int width, int height, int frames)
    {
        string colorPath = Path.Combine(folder, "walk.mp4");
        var facts = new DepthVideo
        {
            Path = OutputName.DepthVideo(colorPath),
            ColorPath = colorPath,
            Width = width,
            Height = height,
            FrameRate = new(30),
            HorizontalFov = 63,
            Estimator = "Synthetic",
        };
        var options = new FrameWriterOptions { Width = width, Height = height, FrameRate = facts.FrameRate, Codec = VideoCodec.H264 };
        using var colorWriter = FrameWriter.Open(colorPath, options, CancellationToken.None);
        using var depthWriter = DepthVideoWriter.Open(facts, overwrite: false, CancellationToken.None);
        var color = new Plane<uint>(width, height);
        var depth = new Plane<float>(width, height);
        byte[] texture = Texture();
        for (int frame = 0; frame < frames; frame++)
        {
            Parallel.For(0, height, y => DrawRow(frame, y, texture, color.Row(y), depth.Row(y)));
            colorWriter.Write(color.Bytes);
            depthWriter.Write(depth);
        }
        colorWriter.Complete();
        return depthWriter.Complete();
    }

    private static void DrawRow(int frame, int y, byte[] texture, Span<uint> color, Span<float> depth)
    {
        int width = color.Length;
        var grain = new Random(frame * 100_003 + y);
        for (int x = 0; x < width; x++)
        {
            depth[x] = 4 + 2f * x / width;
            int light = Sample(texture, x + 2 * frame, y), tint = Sample(texture, (x + 2 * frame) / 4, y / 4 + 300);
            color[x] = Pixel(light, (light + tint) / 2, tint, grain.Next(5) - 2);
        }
        for (int card = 0; card < Cards; card++)
        {
            // Far ones first; the nearer, the faster they drift.
            float near = 3.5f - 0.2f * card;
            int side = width / 12 + 8 * card, left = (card * 709 + (int)(frame * 12 / near)) % (width + side) - side;
            int top = card * 397 % Math.Max(1, width / 2);
            if (y < top || y >= top + 2 * side) continue;
            for (int x = Math.Max(left, 0); x < Math.Min(left + side, width); x++)
            {
                depth[x] = near + 0.3f * (x - left) / side;
                int light = Sample(texture, x - left + 97 * card, y - top);
                color[x] = Pixel(light, light * (card + 4) / 16, 255 - light, grain.Next(5) - 2);
            }
        }
    }

    private static uint Pixel(int red, int green, int blue, int grain) =>
        (uint)Math.Clamp(red + grain, 0, 255) << 16 | (uint)Math.Clamp(green + grain, 0, 255) << 8 | (uint)Math.Clamp(blue + grain, 0, 255);

    private static int Sample(byte[] texture, int x, int y) => texture[(y & TextureSide - 1) * TextureSide + (x & TextureSide - 1)];

    // Octaves of interpolated noise that wrap around: detail at every size, as surfaces have.
    private static byte[] Texture()
    {
        var random = new Random(1);
        var sum = new float[TextureSide * TextureSide];
        for (int cell = 128; cell >= 2; cell /= 2)
        {
            int cells = TextureSide / cell;
            var knots = new float[cells * cells];
            foreach (ref float knot in knots.AsSpan()) knot = (float)random.NextDouble() - 0.5f;
            for (int y = 0; y < TextureSide; y++)
                for (int x = 0; x < TextureSide; x++)
                {
                    int i = x / cell, j = y / cell, right = (i + 1) % cells, below = (j + 1) % cells * cells;
                    float fx = (float)(x % cell) / cell, fy = (float)(y % cell) / cell;
                    float upper = float.Lerp(knots[j * cells + i], knots[j * cells + right], fx);
                    float lower = float.Lerp(knots[below + i], knots[below + right], fx);
                    sum[y * TextureSide + x] += float.Lerp(upper, lower, fy) * MathF.Sqrt(cell);
                }
        }
        return Array.ConvertAll(sum, v => (byte)Math.Clamp(128 + 10 * v, 0, 255));
    }
}
