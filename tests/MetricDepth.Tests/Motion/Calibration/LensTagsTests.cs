using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Video;

namespace MetricDepth.Tests.Motion.Calibration;

public sealed class LensTagsTests
{
    private static VideoClip Clip(params (string Name, string Value)[] tags) => new()
    {
        Path = "none.mov",
        Width = 1920,
        Height = 1080,
        FrameRate = new(30),
        Tags = tags.ToDictionary(t => t.Name, t => t.Value),
    };

    [Theory]
    [InlineData("26")]
    [InlineData("26.00mm")]
    [InlineData(" 26 mm ")]
    public void A_phones_35_mm_equivalent_gives_the_field_of_view(string value)
    {
        var result = FieldOfViewMeasurement.Run(new()
        {
            Clip = Clip(("COM.APPLE.QUICKTIME.CAMERA.FOCAL_LENGTH.35MM_EQUIVALENT", value), ("COM.APPLE.QUICKTIME.MAKE", "Apple"), ("COM.APPLE.QUICKTIME.MODEL", "iPhone 15")),
        }, null, TestContext.Current.CancellationToken);
        Assert.True(result.IsDetermined);
        Assert.Equal(FieldOfViewSource.LensTags, result.Source);
        // 26 mm over the 43.27 mm diagonal of 16:9: width 37.71 mm, 2 atan(37.71 / 52)
        Assert.Equal(71.90, result.HorizontalFov!.Value, 0.05);
        Assert.True(result.Deviation > 2, "how video is cropped is not known better than to a few degrees");
        Assert.Contains("Apple iPhone 15", result.Evidence, StringComparison.Ordinal);
        Assert.Contains("26 mm", result.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-13")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("wide")]
    [InlineData("")]
    public void An_absurd_focal_length_is_not_believed(string value)
    {
        var clip = Clip(("FOCALLENGTHIN35MMFILM", value), ("MAKE", "Acme"));
        Assert.Null(LensTags.Read(clip).EquivalentFocalLength);
        var result = FieldOfViewMeasurement.Run(new() { Clip = clip, Evidence = FieldOfViewEvidence.LensTags }, null, TestContext.Current.CancellationToken);
        Assert.False(result.IsDetermined);
        Assert.Null(result.HorizontalFov);
        Assert.Equal(FieldOfViewSource.None, result.Source);
    }

    [Fact]
    public void What_the_user_says_comes_before_what_is_stored_and_that_before_the_lens_data()
    {
        var color = Clip(("COM.ANDROID.MODEL", "Pixel"), ("FOCAL_LENGTH_IN_35MM_FILM", "24"));
        var depth = new MetricDepth.Depth.DepthVideo(color) { HorizontalFov = 50 };
        var token = TestContext.Current.CancellationToken;
        Assert.Equal((40.0, FieldOfViewSource.Given), Ask(new() { HorizontalFov = 40, Depth = depth, Color = color }));
        Assert.Equal((50.0, FieldOfViewSource.DepthVideo), Ask(new() { Depth = depth, Color = color }));
        Assert.Equal(FieldOfViewSource.LensTags, Ask(new() { Color = color }).Source);

        (double?, FieldOfViewSource Source) Ask(FieldOfViewRequest request)
        {
            var answer = FieldOfViewResolver.Resolve(request, null, token);
            return (answer.HorizontalFov, answer.Source);
        }
    }

    [Fact]
    public void Where_nothing_tells_it_each_need_gets_its_answer()
    {
        var token = TestContext.Current.CancellationToken;
        var reports = new List<FrameProgress>();
        Assert.Equal(FieldOfViewSource.None, FieldOfViewResolver.Resolve(new() { Need = FieldOfViewNeed.Optional }, null, token).Source);
        Assert.Equal("FieldOfViewMissing", Assert.Throws<MetricDepthException>(() => FieldOfViewResolver.Resolve(new(), null, token)).ErrorId);
        var assumed = FieldOfViewResolver.Resolve(new() { Need = FieldOfViewNeed.Assumable }, new Collector(reports), token);
        Assert.Equal((63.0, FieldOfViewSource.Assumed), (assumed.HorizontalFov, assumed.Source));
        Assert.Contains(reports, r => r.Kind == MessageKind.Warning && r.Message!.Contains("assumed", StringComparison.Ordinal));
    }
}
