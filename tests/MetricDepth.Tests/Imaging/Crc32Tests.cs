using MetricDepth.Imaging;

namespace MetricDepth.Tests.Imaging;

public class Crc32Tests
{
    [Fact]
    public void The_checksum_is_the_standards_check_value() => Assert.Equal(0xCBF43926u, Crc32.Append("123456789"u8));

    [Fact]
    public void Pieces_are_combined_to_the_checksum_of_the_whole()
    {
        var bytes = new byte[70_000];
        new Random(1).NextBytes(bytes);
        uint whole = Crc32.Append(bytes);
        foreach (int cut in (int[])[0, 1, 7, 8, 4096, 65_537, 70_000])
        {
            uint first = Crc32.Append(bytes.AsSpan(0, cut));
            Assert.Equal(whole, Crc32.Append(bytes.AsSpan(cut), first));
            Assert.Equal(whole, Crc32.Combine(first, Crc32.Append(bytes.AsSpan(cut)), bytes.Length - cut));
        }
    }
}
