using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

public class RowWarpTests
{
    private const uint Red = 0xFF0000, Blue = 0x0000FF, Magenta = 0xFF00FF;

    // fx · PD/2 = 32.5 px·m: 32.5 px of disparity at 1 m, 16.25 px at 2 m, so that no edge falls exactly on a column.
    private const double Fx = 1000, PupillaryDistance = 65;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_near_card_uncovers_as_much_wall_as_its_disparity_says(int eye)
    {
        // Card at 1 m on columns 60..99, wall at 2 m.
        var (depth, color) = Card(200, 60, 99);
        var (pixels, holes) = Draw(depth, color, eye, removeEdges: true);

        // Left eye: the card moves right, and the wall is uncovered at its left.
        double wallEdge = eye > 0 ? 59 + 16.25 : 100 - 16.25, cardEdge = eye > 0 ? 60 + 32.5 : 99 - 32.5;
        int from = (int)Math.Ceiling(Math.Min(wallEdge, cardEdge)), to = (int)Math.Floor(Math.Max(wallEdge, cardEdge));
        Assert.Equal(17, to - from + 1);
        for (int x = 40; x < 160; x++)
        {
            Assert.Equal(x >= from && x <= to, holes[x] != 0);
            bool card = x >= 60 + eye * 32.5 && x <= 99 + eye * 32.5;
            Assert.Equal(holes[x] != 0 ? 0 : card ? Red : Blue, pixels[x]);
        }
    }

    [Fact]
    public void Without_removed_edges_the_mesh_is_stretched_over_what_was_uncovered()
    {
        var (depth, color) = Card(200, 60, 99);
        var (pixels, holes) = Draw(depth, color, 1);
        double from = 59 + 16.25, to = 60 + 32.5;
        for (int x = (int)Math.Ceiling(from); x < to; x++)
        {
            Assert.Equal(0, holes[x]);
            Assert.InRange((int)(pixels[x] >> 16) - 255 * (x - from) / (to - from), -1.5, 1.5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void What_lies_behind_shows_through_a_gap_in_front(int eye)
    {
        // Near at columns 60..69 and 80..89, nothing between; far from there on, away from the side the near moves to.
        var depth = new float[160];
        depth.AsSpan(60, 10).Fill(1);
        depth.AsSpan(80, 10).Fill(1);
        depth.AsSpan(90, 40).Fill(2);
        var color = Array.ConvertAll(depth, d => d == 1 ? Red : d == 2 ? Blue : Magenta);
        if (eye < 0)
        {
            Array.Reverse(depth);
            Array.Reverse(color);
        }
        var (pixels, holes) = Draw(depth, color, eye);
        if (eye < 0)
        {
            Array.Reverse(pixels);
            Array.Reverse(holes);
        }
        // Near: 92..101 and 112..121 with a footprint of half a pixel more; far from 105.75 on.
        Assert.All(Enumerable.Range(93, 8), x => Assert.Equal(Red, pixels[x]));
        Assert.All(Enumerable.Range(103, 2), x => Assert.Equal(255, holes[x]));
        Assert.All(Enumerable.Range(107, 4), x => Assert.Equal(Blue, pixels[x] & 0xFF00FF));
        Assert.All(Enumerable.Range(113, 8), x => Assert.Equal(Red, pixels[x]));
        Assert.All(Enumerable.Range(123, 20), x => Assert.Equal(Blue, pixels[x]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Pixels_without_depth_are_neither_drawn_nor_smeared(int eye)
    {
        var depth = new float[200];
        Array.Fill(depth, 2f);
        depth.AsSpan(80, 10).Clear();
        var color = Array.ConvertAll(depth, d => d > 0 ? Blue : Magenta);
        var (pixels, holes) = Draw(depth, color, eye);
        int first = (int)Math.Ceiling(80 + eye * 16.25 - 0.5);
        for (int x = 40; x < 160; x++)
        {
            bool hole = x >= first && x < first + 10;
            Assert.Equal(hole ? 255 : 0, holes[x]);
            Assert.Equal(hole ? 0 : Blue, pixels[x]);
        }
    }

    [Fact]
    public void The_convergence_distance_appears_at_the_screen()
    {
        var depth = new float[100];
        Array.Fill(depth, 2.5f);
        var color = Enumerable.Range(0, 100).Select(i => (uint)(i * 2)).ToArray();
        foreach (int eye in (int[])[1, -1])
        {
            var (pixels, holes) = Draw(depth, color, eye, convergence: 2.5);
            Assert.Equal(color, pixels);
            Assert.All(holes, h => Assert.Equal(0, h));
        }
        // Farther than the screen: the left eye sees it further left than the right eye does.
        Array.Fill(depth, 5f);
        var (left, _) = Draw(depth, color, 1, convergence: 2.5);
        var (right, _) = Draw(depth, color, -1, convergence: 2.5);
        Assert.Equal(6.5, 32.5 / 2.5 - 32.5 / 5, 6);
        Assert.Equal(color[50] + 13, left[50]);
        Assert.Equal(color[50] - 13, right[50]);
    }

    [Fact]
    public void One_eye_sees_the_mirror_image_of_the_other()
    {
        var (depth, color) = Noise(new(7), 300);
        var (left, leftHoles) = Draw(depth, color, 1);
        Array.Reverse(depth);
        Array.Reverse(color);
        var (right, rightHoles) = Draw(depth, color, -1);
        Array.Reverse(right);
        Array.Reverse(rightHoles);
        Assert.Equal(leftHoles, rightHoles);
        for (int x = 0; x < left.Length; x++) AssertColor(left[x], right[x], 2);
    }

    [Fact]
    public void A_single_pixel_is_drawn_once()
    {
        var (pixels, holes) = Draw([2f], [Red], 1, convergence: 2);
        Assert.Equal((Red, (byte)0), (pixels[0], holes[0]));
        (pixels, holes) = Draw([0f], [Red], 1);
        Assert.Equal((0u, (byte)255), (pixels[0], holes[0]));
    }

    [Fact]
    public void Wild_depth_does_no_harm()
    {
        float[] depth = [.. Enumerable.Range(0, 97).Select(i => i % 3 == 0 ? 1e-9f : i % 3 == 1 ? 1e9f : 0.0003f)];
        foreach (int eye in (int[])[1, -1])
        {
            var (pixels, holes) = Draw(depth, new uint[97], eye, convergence: 1e-6);
            Assert.Equal((97, 97), (pixels.Length, holes.Length));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Every_width_agrees_with_the_definition(int eye)
    {
        // Column by column: of all intervals and half-pixel footprints that cover it, the nearest.
        var random = new Random(3);
        int wrong = 0, columns = 0;
        for (int width = 1; width <= 120; width++)
        {
            var (depth, color) = Noise(random, width);
            foreach (bool removeEdges in (bool[])[false, true])
            {
                var (pixels, holes) = Draw(depth, color, eye, removeEdges: removeEdges);
                for (int x = 0; x < width; x++, columns++)
                {
                    double? source = NearestSource(depth, x, eye, removeEdges);
                    if (source is null != (holes[x] != 0)) wrong++;
                    else if (source is { } s) AssertColor(Lerp(color, s), pixels[x], 2);
                }
            }
        }
        // Single precision may put an end of an interval on the other side of a column's centre.
        Assert.InRange(wrong, 0, columns / 1000);
    }

    private static double? NearestSource(float[] depth, int column, int eye, bool removeEdges)
    {
        int width = depth.Length;
        double scale = eye * Fx * PupillaryDistance / 2000, nearest = 0;
        double? source = null;
        double Position(int i) => i + scale / depth[i];
        void Cover(double start, double end, double s0, double s1)
        {
            if (!(column >= start && column < end)) return;
            double s = s0 + (s1 - s0) * (column - start) / (end - start), inverse = (column - s) / scale;
            if (source is not null && inverse <= nearest) return;
            (nearest, source) = (inverse, s);
        }
        for (int i = -1; i < width; i++)
        {
            bool a = i >= 0 && depth[i] > 0, b = i + 1 < width && depth[i + 1] > 0;
            if (a && b)
            {
                if (!removeEdges || !IsSteep(i - (width - 1) / 2.0, depth[i], depth[i + 1])) Cover(Position(i), Position(i + 1), i, i + 1);
            }
            else if (a) Cover(Position(i), Position(i) + 0.5, i, i);
            else if (b) Cover(Position(i + 1) - 0.5, Position(i + 1), i + 1, i + 1);
        }
        return source;
    }

    private static bool IsSteep(double x, double near, double far)
    {
        var a = new Vector3(x / Fx * near, 0, near);
        var b = new Vector3((x + 1) / Fx * far, 0, far);
        var normal = Vector3.Cross(b - a, new(0, 1, 0));
        var ray = (a + b) * 0.5;
        return Math.Acos(Math.Abs(Vector3.Dot(normal, ray)) / (normal.Length * ray.Length)) > 85 * Math.PI / 180;
    }

    private static uint Lerp(uint[] color, double source)
    {
        int i = Math.Min((int)source, color.Length - 1), j = Math.Min(i + 1, color.Length - 1);
        uint result = 0;
        for (int shift = 0; shift < 24; shift += 8)
        {
            double a = color[i] >> shift & 255, b = color[j] >> shift & 255;
            result |= (uint)Math.Round(a + (b - a) * (source - i)) << shift;
        }
        return result;
    }

    private static void AssertColor(uint expected, uint actual, int tolerance)
    {
        for (int shift = 0; shift < 32; shift += 8)
            Assert.InRange((int)(actual >> shift & 255) - (int)(expected >> shift & 255), -tolerance, tolerance);
    }

    // Surfaces in steps and slopes, with runs of missing depth.
    private static (float[] Depth, uint[] Color) Noise(Random random, int width)
    {
        var depth = new float[width];
        float z = 2;
        for (int i = 0; i < width; i++)
        {
            if (random.Next(12) == 0) z = 1 + 3 * random.NextSingle();
            z *= 1 + 0.02f * (random.NextSingle() - 0.5f);
            depth[i] = random.Next(9) == 0 ? 0 : z;
        }
        return (depth, [.. Enumerable.Range(0, width).Select(_ => (uint)random.Next(0x1000000))]);
    }

    private static (float[] Depth, uint[] Color) Card(int width, int from, int to)
    {
        float[] depth = [.. Enumerable.Range(0, width).Select(i => i >= from && i <= to ? 1f : 2f)];
        return (depth, Array.ConvertAll(depth, d => d == 1 ? Red : Blue));
    }

    private static (uint[] Pixels, byte[] Holes) Draw(float[] depth, uint[] color, int eye, double? convergence = null, bool removeEdges = false)
    {
        int width = depth.Length, length = RowWarp.Padded(width);
        var geometry = StereoGeometry.Create(new(width, 1, Fx, Fx, (width - 1) / 2.0, 0), PupillaryDistance, convergence, removeEdges);
        var warp = new RowWarp(width);
        var source = new SourceImage(width, 1);
        for (int i = 0; i < width; i++) source.InverseDepth[i] = warp.InverseDepth[i] = depth[i] > 0 ? 1 / depth[i] : 0;
        if (removeEdges) SurfaceTears.MarkSteep(source, geometry.Camera);
        source.TornRight.CopyTo(warp.TornRight);
        var (pixels, seen, holes) = (new uint[length], new float[length], new byte[length]);
        warp.Draw(geometry.Shift(eye > 0 ? Eye.Left : Eye.Right), color, pixels, seen, holes);
        for (int i = 0; i < width; i++) Assert.Equal(holes[i] == 0, seen[i] > 0);
        return (pixels[..width], holes[..width]);
    }
}
