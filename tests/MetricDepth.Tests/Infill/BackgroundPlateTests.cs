using System.Buffers.Binary;
using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Infill;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;
using MetricDepth.Tests.Imaging;

namespace MetricDepth.Tests.Infill;

/// <summary>Background files, and what is painted from them and what is not.</summary>
public sealed class BackgroundPlateTests : IDisposable
{
    private const int Width = 64, Height = 16, CardLeft = 20, CardRight = 30;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 60, null);
    private readonly TempFolder _folder = new();

    private string File => _folder["clip.mp4_depth.mkv_background.npy"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_background_file_is_an_array_of_points_and_colours_as_the_toolbox_saves_it()
    {
        new BackgroundPlate([new(1, 2, 3, 0xFF8000), new(-0.5f, 0.25f, 4, 0x0000FF)]).Save(File, TestContext.Current.CancellationToken);
        // numpy.save of numpy.array([points, colours]): red, green, blue
        Assert.Equal(NpyTests.Array(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 3), }",
            [1, 2, 3, -0.5, 0.25, 4, 1, 128 / 255.0, 0, 0, 0, 1], padTo: 128), System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_background_of_the_toolbox_is_read_as_it_is()
    {
        Write("(2, 3, 3)", [0.1, 0.2, 3, double.NaN, 0, 1, -1, -2, 1e3, 0.2, 0.4, 0.6, 0, 0, 0, 1.5, -0.5, 1]);
        var points = Load().Points.ToArray();
        // one point is nowhere; colours beyond white are white
        Assert.Equal([new(0.1f, 0.2f, 3, 0x336699), new(-1, -2, 1000, 0xFF00FF)], points);
    }

    [Theory]
    [InlineData("(2, 0, 3)", 0, "no point")]
    [InlineData("(3, 2, 3)", 18, "(3, 2, 3)")]
    [InlineData("(2, 2, 4)", 16, "(2, 2, 4)")]
    [InlineData("(12,)", 12, "(12,)")]
    public void An_array_of_another_shape_is_no_background(string shape, int count, string why)
    {
        Write(shape, new double[count]);
        var error = Assert.Throws<MetricDepthException>(Load);
        Assert.Equal("BackgroundMalformed", error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_background_without_a_usable_point_is_named()
    {
        Write("(2, 1, 3)", [0, double.PositiveInfinity, 1, 0, 0, 0]);
        Assert.Equal("BackgroundMalformed", Assert.Throws<MetricDepthException>(Load).ErrorId);
        Write("(2, 1, 3)", [1e300, 0, 1, 0, 0, 0]); // beyond single precision
        Assert.Equal("BackgroundMalformed", Assert.Throws<MetricDepthException>(Load).ErrorId);
    }

    [Fact]
    public void A_file_with_more_points_than_are_held_is_thinned_out()
    {
        // sparse on disk: 13 million points of zeros, and a marker in the last that every second point leaves out
        const long Count = 13_000_000;
        var head = NpyTests.Array(1, $"{{'descr': '<f8', 'fortran_order': False, 'shape': (2, {Count.ToString(CultureInfo.InvariantCulture)}, 3), }}", []);
        using (var stream = System.IO.File.Create(File))
        {
            stream.Write(head);
            stream.SetLength(head.Length + Count * 6 * sizeof(double));
            var value = new byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(value, 7);
            stream.Position = head.Length + ((Count - 2) * 3 + 2) * sizeof(double);
            stream.Write(value);
        }
        var plate = Load();
        Assert.Equal(Count / 2, plate.Count);
        Assert.Equal(7, plate.Points.Span[^1].Z);
    }

    [Theory]
    [InlineData(3, 1, 1)] // the wall, where it is
    [InlineData(2, 0.5, 0.8)] // between card and wall: the card hides three quarters of it, through the rest the wall is seen
    [InlineData(0.5, 0, 0)] // nearer than the card at the rim: it would hang in the air
    [InlineData(9, 0, 0)] // behind the wall, which only this frame has seen
    public void Only_what_may_be_there_is_painted(double depth, double least, double most)
    {
        var source = CardBeforeWall();
        var view = new ViewImage(Width, Height);
        new RowEyeRenderer(Width).Render(source, StereoGeometry.Create(Camera, 200, null, removeEdges: true), Eye.Right, view);
        int[] holes = [.. Enumerable.Range(0, view.Holes.Length).Where(i => view.Holes[i] != 0 && i % view.Stride is > 2 and < Width - 10)];
        Assert.True(holes.Length > 50);
        var toView = new Pose(Rotation.Identity, new(-0.1, 0, 0));
        new BackgroundPainter(new(Wall(depth), Camera), Width, Height).Fill(view, new PinholeProjection(Camera), toView, source, Camera, Pose.Identity);
        Assert.InRange(holes.Count(i => view.Holes[i] == 0) / (double)holes.Length, least, most);
        foreach (int i in holes.Where(i => view.Holes[i] == 0))
        {
            Assert.Equal(0x336699u, view.Color[i]);
            Assert.Equal(1 / depth, view.InverseDepth[i], 3);
        }
    }

    [Fact]
    public void What_the_frame_looks_through_is_gone()
    {
        // a second card that stood beside the first, in full view of the wall behind it
        var source = CardBeforeWall();
        var view = new ViewImage(Width, Height);
        new RowEyeRenderer(Width).Render(source, StereoGeometry.Create(Camera, 200, null, removeEdges: true), Eye.Right, view);
        var before = (byte[])view.Holes.Clone();
        var ghost = new BackgroundPlate([.. Wall(1.5).Points.ToArray().Where(p => p.X / p.Z > (CardRight + 1 - Camera.Cx) / Camera.Fx)]);
        new BackgroundPainter(new(ghost, Camera), Width, Height).Fill(view, new PinholeProjection(Camera), new(Rotation.Identity, new(-0.1, 0, 0)), source, Camera, Pose.Identity);
        for (int i = 0; i < before.Length; i++)
            if (i % view.Stride < Width - 10) Assert.Equal(before[i], view.Holes[i]);
    }

    // A card at 1 m before a wall at 3 m.
    private static SourceImage CardBeforeWall()
    {
        var source = new SourceImage(Width, Height) { Color = new uint[Width * Height] };
        for (int i = 0; i < source.InverseDepth.Length; i++)
        {
            bool isCard = i % Width is >= CardLeft and < CardRight;
            source.InverseDepth[i] = isCard ? 1 : 1 / 3f;
            source.Color[i] = isCard ? 0x808080u : 0x336699;
        }
        SurfaceTears.MarkSteep(source, Camera);
        return source;
    }

    private static BackgroundPlate Wall(double depth)
    {
        var points = new List<PlatePoint>();
        for (int y = -8; y < Height + 8; y++)
            for (int x = -Width; x < 2 * Width; x++)
                points.Add(new((float)((x - Camera.Cx) / Camera.Fx * depth), (float)((y - Camera.Cy) / Camera.Fy * depth), (float)depth, 0x336699));
        return new([.. points]);
    }

    private void Write(string shape, double[] values) =>
        System.IO.File.WriteAllBytes(File, NpyTests.Array(1, $"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}", values));

    private BackgroundPlate Load() => BackgroundPlate.Load(File, TestContext.Current.CancellationToken);
}
