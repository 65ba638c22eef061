using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Calibration;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Motion.Calibration;

public sealed class FieldOfViewTests
{
    private const int Width = 640, Height = 480;

    // exact tracks with the noise of a good tracker: what is tested is the calibration, not the tracker
    private const double Noise = 0.15;

    [Theory]
    [InlineData("Room", 40, CalibrationMotion.Moving)]
    [InlineData("Room", 60, CalibrationMotion.Moving)]
    [InlineData("Room", 90, CalibrationMotion.Moving)]
    [InlineData("Turning", 40, CalibrationMotion.Turning)]
    [InlineData("Turning", 60, CalibrationMotion.Turning)]
    [InlineData("Turning", 90, CalibrationMotion.Turning)]
    public void A_known_lens_is_found(string name, double fov, CalibrationMotion motion)
    {
        var result = Measure(name == "Room" ? Scene.Room : Scene.Turning, fov, 100);
        Assert.True(result.IsDetermined, result.Evidence);
        Assert.Equal(FieldOfViewSource.Motion, result.Source);
        Assert.Equal(motion, result.Motion);
        Assert.Equal(fov, result.HorizontalFov!.Value, 2.0); // the 2°
        Assert.InRange(fov, result.Lower!.Value, result.Upper!.Value);
    }

    [Fact]
    public void A_camera_that_stands_still_tells_nothing_and_says_so()
    {
        var result = Measure(Scene.Still, 60, 60);
        Assert.False(result.IsDetermined);
        Assert.Null(result.HorizontalFov);
        Assert.Null(result.Deviation);
        Assert.Contains("hardly moves", result.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slide_along_a_wall_is_not_dressed_up_as_a_measurement()
    {
        // straight sideways: any focal length explains it with another depth
        var slide = Scene.Floor.WithCamera("Slide", t => new Pose(Rotation.Identity, new(0.3 * t, 0, 0)));
        var result = Measure(slide, 60, 60);
        Assert.True(!result.IsDetermined || (result.Lower <= 60 && result.Upper >= 60), $"{result} {result.Interval}");
    }

    [Fact]
    public void What_each_stretch_says_is_told_in_words_and_no_angle_is_made_up()
    {
        Assert.Equal("Field of view from frame 40 on, where the camera hardly moves or turns: cannot be told.",
            new CalibratedStretch(40, CalibrationMotion.None, FocalEstimate.None).Describe(Width));
        var camera = new Camera(Intrinsics.FromFieldOfView(Width, Height, 63, null));
        Assert.Equal("Field of view from frame 0 on, where the camera turns on the spot: 63.0° (focal length to 1.2 %).",
            new CalibratedStretch(0, CalibrationMotion.Turning, new(camera, 0.012, true)).Describe(Width));
        Assert.EndsWith("63.0° (focal length to 12.0 %, too uncertain to count).",
            new CalibratedStretch(0, CalibrationMotion.Moving, new(camera, 0.12, false)).Describe(Width), StringComparison.Ordinal);
    }

    private static FieldOfViewResult Measure(Scene scene, double fov, int frames)
    {
        var camera = Intrinsics.FromFieldOfView(Width, Height, fov, null);
        return FieldOfViewMeasurement.Run("tracks", Width, Height, ExactTracks.Of(scene, camera, frames, every: 25, Noise), frames, null, TestContext.Current.CancellationToken);
    }
}
