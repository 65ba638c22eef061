using MetricDepth.CommandLine;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Scenes;
using MetricDepth.Tests.Motion;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Measure-FieldOfView as people type it, through the stand-in.</summary>
public sealed class FieldOfViewCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_turning_camera_tells_its_lens_from_the_video_and_from_its_tracks()
    {
        Film("turn.mkv", Scene.Turning, 50);
        var result = Assert.IsType<FieldOfViewResult>(Assert.Single(Run("Measure-FieldOfView turn.mkv").Output));
        Assert.Equal((FieldOfViewSource.Motion, CalibrationMotion.Turning), (result.Source, result.Motion));
        Assert.Equal(Filmed.Fov, result.HorizontalFov!.Value, 2.0);
        var piped = Assert.IsType<FieldOfViewResult>(Assert.Single(Run("Get-PointTrack turn.mkv | Measure-FieldOfView").Output));
        Assert.Equal(Filmed.Fov, piped.HorizontalFov!.Value, 2.0);
        Assert.EndsWith("_tracking.json", piped.Path, StringComparison.Ordinal);
        var read = Assert.IsType<FieldOfViewResult>(Assert.Single(Run("Measure-FieldOfView turn.mkv_tracking.json").Output));
        Assert.Equal(piped.HorizontalFov, read.HorizontalFov);
        // a few frames of it tell nothing, and are called so
        var few = Run("Measure-FieldOfView turn.mkv -MaxFrames 3");
        Assert.False(Assert.IsType<FieldOfViewResult>(Assert.Single(few.Output)).IsDetermined);
        Assert.Contains("does not tell", Assert.Single(few.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Lens_data_of_the_container_comes_first_unless_it_is_not_wanted()
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=0.4", "-c:v", "ffv1", "-metadata", "FocalLengthIn35mmFilm=26", "-metadata", "make=Acme", _folder["tagged.mkv"]);
        var told = Assert.IsType<FieldOfViewResult>(Assert.Single(Run("Measure-FieldOfView tagged.mkv").Output));
        Assert.Equal(FieldOfViewSource.LensTags, told.Source);
        Assert.Equal(71.9, told.HorizontalFov!.Value, 0.1); // 26 mm over the 43.27 mm diagonal of 16:9
        Assert.Equal("Acme", told.Lens!.Make);
        Assert.NotEqual(FieldOfViewSource.LensTags, Assert.IsType<FieldOfViewResult>(Assert.Single(Run("Measure-FieldOfView tagged.mkv -Source Motion").Output)).Source);
    }

    [Fact]
    public void Tracks_of_nobody_knows_which_video_are_refused_with_what_to_do()
    {
        File.WriteAllText(_folder["lonely.json"], "[[[0,1,2]],[[0,2,3]]]");
        var result = Run("Measure-FieldOfView lonely.json");
        Assert.Empty(result.Output);
        Assert.Contains("-ColorPath", Assert.Single(result.Errors).Exception.Message, StringComparison.Ordinal);
        Film("turn.mkv", Scene.Turning, 2);
        Assert.Single(Run("Measure-FieldOfView lonely.json -ColorPath turn.mkv").Output);
    }

    private void Film(string name, Scene scene, int frames)
    {
        using var writer = FrameWriter.Open(_folder[name], new() { Width = Filmed.Width, Height = Filmed.Height, FrameRate = new(25), Layout = PixelLayout.Gray8 }, TestContext.Current.CancellationToken);
        for (int f = 0; f < frames; f++) writer.Write(Filmed.Gray(scene, f));
        writer.Complete();
    }

    private PipelineResult Run(string line) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, line.Split(' '));
}
