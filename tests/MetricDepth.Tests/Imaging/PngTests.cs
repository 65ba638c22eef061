using System.IO.Compression;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Imaging;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1, CompressionLevel.Optimal)]
    [InlineData(37, 23, CompressionLevel.Optimal)]
    [InlineData(37, 23, CompressionLevel.Fastest)]
    public void Another_decoder_sees_every_pixel_as_it_was(int width, int height, CompressionLevel compression)
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var picture = new Plane<uint>(width, height);
        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] = (uint)random.Next(1 << 24);
        using (var file = File.Create(folder["picture.png"])) Png.Write(picture, file, compression);
        TestClip.Ffmpeg("-i", folder["picture.png"], "-f", "rawvideo", "-pix_fmt", "bgr0", folder["picture.raw"]);
        var decoded = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(folder["picture.raw"])).ToArray();
        Assert.Equal(picture.Data, decoded.Select(p => p & 0xFFFFFF));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 23)]
    public void Another_decoder_sees_16_bits_of_grey_as_they_were_and_its_texts(int width, int height)
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var picture = new Plane<ushort>(width, height);
        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] = (ushort)random.Next(1 << 16);
        using (var file = File.Create(folder["picture.png"]))
            Png.WriteGray16(picture, new Dictionary<string, string> { ["METRICDEPTH_DEPTH_UNIT"] = "0.001", ["METRICDEPTH_COLOR"] = "Küche 厨房.mp4" }, file);
        TestClip.Ffmpeg("-i", folder["picture.png"], "-f", "rawvideo", "-pix_fmt", "gray16le", folder["picture.raw"]);
        Assert.Equal(picture.Data, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(File.ReadAllBytes(folder["picture.raw"])).ToArray());
        // tEXt where ASCII is enough, iTXt in UTF-8 otherwise: keyword, 0, not compressed, no language, no translated keyword
        string bytes = System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(folder["picture.png"]));
        Assert.Contains("tEXtMETRICDEPTH_DEPTH_UNIT\00.001", bytes, StringComparison.Ordinal);
        Assert.Contains("iTXtMETRICDEPTH_COLOR\0\0\0\0\0Küche 厨房.mp4", bytes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColormapName.Turbo, 0x30123B, 0x28BCEB, 0xA4FC3C, 0xFB7E21, 0x7A0403)]
    [InlineData(ColormapName.Viridis, 0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725)]
    [InlineData(ColormapName.Inferno, 0x000004, 0x57106E, 0xBC3754, 0xF98E09, 0xFCFFA4)]
    public void Maps_have_the_published_colours(ColormapName map, params int[] published)
    {
        // entries 0, 64, 128, 192 and 255 of the tables of 256
        int[] entries = [0, 64, 128, 192, 255];
        for (int i = 0; i < entries.Length; i++)
        {
            uint ours = Colormap.Table(map)[(int)Math.Round(entries[i] / 255.0 * (Colormap.Steps - 1))];
            // a level of ours, and up to a level between the 1024 steps here and the 256 there
            for (int shift = 0; shift < 24; shift += 8)
                Assert.InRange((int)(ours >> shift & 255) - (published[i] >> shift & 255), -2, 2);
        }
        Assert.Equal(Colormap.Table(ColormapName.Viridis)[^1], Colormap.Viridis(1));
        Assert.Equal(Colormap.Table(ColormapName.Inferno)[0], Colormap.Inferno(-1));
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
