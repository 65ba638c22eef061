using MetricDepth.Rendering;
using MetricDepth.Rendering.Filling;

namespace MetricDepth.Tests.Rendering;

public class DepthCompletionTests
{
    private const int Width = 96, Height = 64;

    [Fact]
    public void Holes_in_a_slanted_wall_take_the_walls_depth_and_known_pixels_keep_theirs()
    {
        var source = Picture(_ => 0x808080);
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = Slant(i);
        for (int y = 20; y < 36; y++) source.InverseDepth.AsSpan(y * Width + 40, 20).Clear();
        new DepthCompletion(Width, Height).Complete(source);
        for (int i = 0; i < source.InverseDepth.Length; i++)
        {
            bool hole = i / Width is >= 20 and < 36 && i % Width is >= 40 and < 60;
            // The guess is a smooth mean of what is around: the slope over half the hole's width is what it may be off.
            Assert.Equal(Slant(i), source.InverseDepth[i], hole ? 0.03f : 0f);
        }

        static float Slant(int i) => 0.3f + 0.002f * (i % Width);
    }

    [Fact]
    public void A_sensors_shadow_beside_a_card_belongs_to_the_wall_behind_it()
    {
        // A red card at 1 m before a grey wall at 4 m; the sensor has lost eight columns beside the card.
        var source = Picture(x => x < 40 ? 0xC02020u : 0x707070);
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = (i % Width) switch { < 40 => 1, < 48 => 0, _ => 0.25f };
        new DepthCompletion(Width, Height).Complete(source);
        for (int y = 0; y < Height; y++)
            for (int x = 40; x < 48; x++) Assert.Equal(0.25f, source.InverseDepth[y * Width + x], 0.02f);
    }

    [Fact]
    public void What_has_the_cards_colour_belongs_to_the_card()
    {
        var source = Picture(x => x < 48 ? 0xC02020u : 0x707070);
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = (i % Width) switch { < 40 => 1, < 48 => 0, _ => 0.25f };
        new DepthCompletion(Width, Height).Complete(source);
        for (int y = 0; y < Height; y++)
            for (int x = 40; x < 48; x++) Assert.Equal(1, source.InverseDepth[y * Width + x], 0.1f);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(2000, 3)]
    public void A_frame_without_any_depth_is_shown_flat(int width, int height)
    {
        var source = new SourceImage(width, height) { Color = new uint[width * height] };
        Assert.True(DepthCompletion.IsNeeded(source.InverseDepth));
        new DepthCompletion(width, height).Complete(source);
        Assert.False(DepthCompletion.IsNeeded(source.InverseDepth));
        Assert.All(source.InverseDepth, inverse => Assert.Equal(source.InverseDepth[0], inverse));
    }

    [Fact]
    public void A_picture_wider_than_the_grid_is_completed_to_the_last_pixel()
    {
        const int Wide = 1501, High = 7;
        var source = new SourceImage(Wide, High) { Color = new uint[Wide * High] };
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = i % 5 == 0 ? 0.5f : 0;
        new DepthCompletion(Wide, High).Complete(source);
        Assert.All(source.InverseDepth, inverse => Assert.Equal(0.5f, inverse, 0.001f));
    }

    private static SourceImage Picture(Func<int, uint> colorOfColumn) =>
        new(Width, Height) { Color = [.. Enumerable.Range(0, Width * Height).Select(i => colorOfColumn(i % Width))] };
}
