using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Filling;

namespace MetricDepth.Tests.Infill;

/// <summary>What is put into holes.</summary>
public class HoleFillerTests
{
    private const int Size = 60;

    [Fact]
    public void A_hole_beside_something_near_shows_the_surface_behind_mirrored_and_at_its_depth()
    {
        // A card at 1 m up to column 19, a hole on 20..29, then a wall whose inverse depth falls by 0.002 1/m a pixel.
        var view = View((x, _) => x < 20 ? 1 : x < 30 ? 0 : 0.4f - 0.002f * (x - 30));
        HoleFiller.FillRows(view, Size);
        for (int y = 0; y < Size; y++)
            for (int x = 20; x < 30; x++)
            {
                int at = y * view.Stride + x;
                Assert.Equal(Texture(59 - x, y), view.Color[at]);
                Assert.Equal(0.4f - 0.002f * (x - 30), view.InverseDepth[at], 1e-4);
                Assert.Equal(255, view.Holes[at]);
            }
    }

    [Fact]
    public void A_hole_that_opened_upwards_is_filled_from_behind_above_not_from_the_sides()
    {
        // The viewer rose: above a card on rows 30 and below, which fills the width, rows 20..29 were uncovered before a wall.
        var view = View((_, y) => y < 20 ? 0.4f : y < 30 ? 0 : 1);
        HoleFiller.Fill(view, Size, new Pose(Rotation.Identity, new(0, 0.1, 0)));
        for (int y = 20; y < 30; y++)
            for (int x = 0; x < Size; x++)
            {
                Assert.Equal(Texture(x, 39 - y), view.Color[y * view.Stride + x]);
                Assert.Equal(0.4f, view.InverseDepth[y * view.Stride + x], 1e-4);
            }
    }

    [Fact]
    public void Beyond_the_border_the_surface_goes_on_as_far_as_it_is_told_to()
    {
        var view = View((x, _) => x < 40 ? 0.5f : 0);
        HoleFiller.FillRows(view, 7);
        for (int x = 40; x < Size; x++) Assert.Equal(x < 47 ? Texture(79 - x, 5) : 0, view.Color[5 * view.Stride + x]);
    }

    [Fact]
    public void Corners_that_no_row_or_column_reaches_are_not_left_black()
    {
        var view = View((x, y) => x is >= 20 and < 40 && y is >= 20 and < 40 ? 0.5f : 0);
        HoleFiller.Fill(view, Size, new Pose(Rotation.Identity, new(0.1, 0.1, 0)));
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++) Assert.Equal(0.5f, view.InverseDepth[y * view.Stride + x], 1e-4);
    }

    [Fact]
    public void Where_nothing_at_all_was_seen_nothing_is_made_up()
    {
        var view = View((_, _) => 0);
        HoleFiller.Fill(view, Size, Pose.Identity);
        HoleFiller.FillRows(view, Size);
        Assert.DoesNotContain(view.Color, c => c != 0);
    }

    private static uint Texture(int x, int y) => (uint)(1 + (x * 7919 + y * 104729) % 0xFFFFFE);

    private static ViewImage View(Func<int, int, float> inverse)
    {
        var view = new ViewImage(Size, Size);
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++)
            {
                int at = y * view.Stride + x;
                float value = inverse(x, y);
                (view.InverseDepth[at], view.Holes[at], view.Color[at]) = value > 0 ? (value, (byte)0, Texture(x, y)) : (0, (byte)255, 0u);
            }
        return view;
    }
}
