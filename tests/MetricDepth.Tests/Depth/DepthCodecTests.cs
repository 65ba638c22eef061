using MetricDepth.Depth;

namespace MetricDepth.Tests.Depth;

public class DepthCodecTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(6.5)]
    [InlineData(100)]
    [InlineData(0.3)]
    public void Every_code_survives_decoding_and_encoding(double maxDepth)
    {
        var pixels = Enumerable.Range(0, DepthCodec.MaxCode + 1).Select(c => (uint)((c >> 8 << 16) | (c >> 8 << 8) | (c & 0xFF))).ToArray();
        var depth = new float[pixels.Length];
        var again = new uint[pixels.Length];
        DepthCodec.Decode(pixels, depth, maxDepth);
        Assert.Equal(0, depth[0]);
        Assert.Equal(0, DepthCodec.Encode(depth, again, maxDepth));
        Assert.Equal(pixels, again);
    }

    [Fact]
    public void Encoding_is_the_formula_of_the_format()
    {
        var random = new Random(7);
        var depth = Enumerable.Range(0, 10007).Select(_ => (float)(random.NextDouble() * 20)).ToArray();
        var pixels = new uint[depth.Length];
        DepthCodec.Encode(depth, pixels, 20);
        for (int i = 0; i < depth.Length; i++)
        {
            uint e = (uint)Math.Floor(depth[i] * (255.0 * 255 * 255 * 255) / 20);
            Assert.Equal((e >> 24 << 16) | (e >> 24 << 8) | ((e >> 16) & 0xFF), pixels[i]);
        }
    }

    [Fact]
    public void What_is_out_of_range_is_clamped_and_counted()
    {
        float[] depth = [0, float.NaN, -1, 21, float.PositiveInfinity, float.NegativeInfinity, 20, 1e-9f, 5, 30, 0.5f];
        for (int length = 1; length <= depth.Length; length++) // vector body and scalar tail must agree
        {
            var pixels = new uint[40];
            var padded = new float[40];
            depth.AsSpan(0, length).CopyTo(padded);
            long vector = DepthCodec.Encode(padded, pixels, 20);
            long scalar = 0;
            var one = new uint[1];
            for (int i = 0; i < length; i++)
            {
                scalar += DepthCodec.Encode(depth.AsSpan(i, 1), one, 20);
                Assert.Equal(one[0], pixels[i]);
            }
            Assert.Equal(scalar, vector);
        }
        var all = new uint[depth.Length];
        Assert.Equal(5, DepthCodec.Encode(depth, all, 20));
        Assert.Equal(0u, all[1]);
        Assert.Equal(0u, all[2]);
        Assert.Equal(all[6], all[3]);
        Assert.Equal(all[6], all[4]);
    }
}
