using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Scenes;

/// <summary>What somebody beside the camera sees and the camera did not: found, and filled better than by stretching.</summary>
public class StereoDisocclusionTests(ITestOutputHelper output)
{
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(1280, 720, 63, null);
    private static readonly Scene[] Scenes = [Scene.Room, Scene.Poles, Scene.Floor];

    [Fact]
    public void The_right_eye_sees_the_true_picture_and_holes_where_they_are() =>
        Measure("right eye, 63 mm", new(0.063, 0, 0), (source, fill) => SeenFrom.RightEye(source, 0.063, fill));

    [Fact]
    public void A_viewpoint_10_cm_to_the_side_sees_the_true_picture_and_holes_where_they_are() =>
        Measure("10 cm to the side", new(0.1, 0, 0), (source, fill) => SeenFrom.Viewpoint(source, new(Rotation.Identity, new(0.1, 0, 0)), fill));

    private void Measure(string place, Vector3 at, Func<SceneFrame, HoleFill, SeenFrom> render)
    {
        var viewer = new Pose(Rotation.Identity, at);
        double gain = 0;
        foreach (var scene in Scenes)
        {
            var source = scene.Render(0, Camera);
            var truth = scene.Render(0, Camera, viewer).Color;
            var hidden = scene.Disoccluded(0, Camera, viewer);
            var filled = render(source, HoleFill.Background);
            var rubber = render(source, HoleFill.Stretch);
            double visible = Psnr(filled.Picture, truth, i => hidden.Data[i] == 0), overlap = Overlap(filled.Mask, hidden);
            // Beyond the border of the picture there is nothing to stretch, so that does not count in favour of filling.
            double inside = Psnr(filled.Picture, truth, i => hidden.Data[i] != 0 && rubber.Mask.Data[i] == 0);
            double stretched = Psnr(rubber.Picture, truth, i => hidden.Data[i] != 0 && rubber.Mask.Data[i] == 0);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{scene.Name}, {place}, {Camera.Width}x{Camera.Height}: visible {visible:F1} dB, holes {inside:F1} dB (stretched {stretched:F1}), mask IoU {overlap:F3}"));
            Save(scene.Name, place, filled, truth, hidden);
            // The bounds are the project's own aims.
            Assert.True(visible >= 35, $"{scene.Name}: {visible:F1} dB where the camera saw it");
            Assert.True(overlap >= 0.9, $"{scene.Name}: mask and truth overlap in {overlap:F3}");
            Assert.True(inside >= stretched, $"{scene.Name}: filled {inside:F1} dB, stretched {stretched:F1} dB");
            gain += (inside - stretched) / Scenes.Length;
        }
        Assert.True(gain >= 2, $"{gain:F1} dB better than stretching");
    }

    private static double Psnr(Plane<uint> picture, Plane<uint> truth, Predicate<int> counts)
    {
        var sum = new PsnrSum();
        for (int i = 0; i < truth.Data.Length; i++)
            if (counts(i)) sum.Add(Picture.Channels(picture.Data[i]), Picture.Channels(truth.Data[i]));
        return sum.Psnr;
    }

    private static double Overlap(Plane<byte> mask, Plane<byte> truth)
    {
        double both = 0, either = 0;
        for (int i = 0; i < mask.Data.Length; i++)
        {
            if ((mask.Data[i] & truth.Data[i]) != 0) both++;
            if ((mask.Data[i] | truth.Data[i]) != 0) either++;
        }
        return both / either;
    }

    // For looking at: METRICDEPTH_TEST_PICTURES names a folder.
    private static void Save(string scene, string place, SeenFrom seen, Plane<uint> truth, Plane<byte> hidden)
    {
        if (Environment.GetEnvironmentVariable("METRICDEPTH_TEST_PICTURES") is not { } folder) return;
        Plane<uint>[] pictures = [seen.Picture, truth, Grey(seen.Mask), Grey(hidden)];
        for (int i = 0; i < pictures.Length; i++)
        {
            using var file = File.Create(Path.Combine(folder, $"{scene}-{place}-{"picture truth mask hidden".Split(' ')[i]}.png"));
            Png.Write(pictures[i], file);
        }
    }

    private static Plane<uint> Grey(Plane<byte> mask)
    {
        var grey = new Plane<uint>(mask.Width, mask.Height);
        for (int i = 0; i < grey.Data.Length; i++) grey.Data[i] = mask.Data[i] * 0x10101u;
        return grey;
    }
}
