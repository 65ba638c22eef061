using MetricDepth.Imaging;

namespace MetricDepth.Tests.Imaging;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 23)]
    public void Another_decoder_sees_every_pixel_as_it_was(int width, int height)
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var picture = new Plane<uint>(width, height);
        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] = (uint)random.Next(1 << 24);
        using (var file = File.Create(folder["picture.png"])) Png.Write(picture, file);
        TestClip.Ffmpeg("-i", folder["picture.png"], "-f", "rawvideo", "-pix_fmt", "bgr0", folder["picture.raw"]);
        var decoded = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(folder["picture.raw"])).ToArray();
        Assert.Equal(picture.Data, decoded.Select(p => p & 0xFFFFFF));
    }

    [Fact]
    public void Turbo_runs_from_blue_over_green_to_red_and_clamps()
    {
        Assert.True(Blue(Colormap.Turbo(0.1)) > 150 && Red(Colormap.Turbo(0.1)) < 100);
        Assert.True(Green(Colormap.Turbo(0.5)) > 230);
        Assert.True(Red(Colormap.Turbo(0.85)) > 200 && Blue(Colormap.Turbo(0.85)) < 50);
        Assert.Equal(Colormap.Turbo(0), Colormap.Turbo(double.NaN));
        Assert.Equal(Colormap.Turbo(1), Colormap.Turbo(7));
    }

    private static uint Red(uint p) => p >> 16 & 255;

    private static uint Green(uint p) => p >> 8 & 255;

    private static uint Blue(uint p) => p & 255;
}
