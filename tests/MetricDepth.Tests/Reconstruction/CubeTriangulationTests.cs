using MetricDepth.Reconstruction.Surface;
using Xunit;

namespace MetricDepth.Tests.Reconstruction;

public sealed class CubeTriangulationTests
{
    [Fact]
    public void A_cube_with_one_negative_corner_gets_one_triangle_that_faces_away_from_it()
    {
        var t = CubeTriangulation.Triangles(1);
        Assert.Equal(3, t.Length);
        var at = t.ToArray().Select(e => CubeTriangulation.Edge(e)).ToArray();
        Assert.All(at, e => Assert.Equal(0, e.Corner));
        // seen from (1, 1, 1), x, y, z run counter-clockwise
        var axes = at.Select(e => e.Axis).ToArray();
        Assert.Equal((axes[0] + 1) % 3, axes[1]);
        Assert.Equal((axes[1] + 1) % 3, axes[2]);
    }

    [Fact]
    public void Every_edge_with_a_change_of_sign_is_used_and_no_other()
    {
        for (int negative = 0; negative < 256; negative++)
        {
            var used = CubeTriangulation.Triangles(negative).ToArray().Select(e => (int)e).Distinct().Order();
            var crossed = Enumerable.Range(0, 12).Where(e =>
            {
                var (axis, corner) = CubeTriangulation.Edge(e);
                return ((negative >> corner ^ negative >> (corner | 1 << axis)) & 1) != 0;
            });
            Assert.Equal(crossed, used);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Whatever_the_signs_neighbouring_cubes_fit_together(double share)
    {
        // 12³ voxels of noise inside a shell of positive ones hold all pairs of cases many times over
        const int n = 14;
        var random = new Random(7);
        var negative = new bool[n, n, n];
        for (int z = 1; z < n - 1; z++)
            for (int y = 1; y < n - 1; y++)
                for (int x = 1; x < n - 1; x++) negative[x, y, z] = random.NextDouble() < share;
        var triangles = new List<int>();
        for (int z = 0; z < n - 1; z++)
            for (int y = 0; y < n - 1; y++)
                for (int x = 0; x < n - 1; x++)
                {
                    int code = 0;
                    for (int c = 0; c < 8; c++)
                        if (negative[x + (c & 1), y + (c >> 1 & 1), z + (c >> 2)]) code |= 1 << c;
                    foreach (byte edge in CubeTriangulation.Triangles(code))
                    {
                        var (axis, c) = CubeTriangulation.Edge(edge);
                        triangles.Add((((z + (c >> 2)) * n + y + (c >> 1 & 1)) * n + x + (c & 1)) * 3 + axis);
                    }
                }
        Assert.NotEmpty(triangles);
        MeshChecks.AssertClosed(triangles.ToArray());
    }
}
