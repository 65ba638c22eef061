using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Tests.Inference;
using MetricDepth.Video;

namespace MetricDepth.Tests.Estimation.UniDepth;

/// <summary>
/// Files as UniDepth's exporter writes them: fixed size, points and a camera out, rays in or not. The networks are written here, so that what they answer is known.
/// </summary>
public sealed class UniDepthTests(UniDepthTests.GreyClip grey) : IClassFixture<UniDepthTests.GreyClip>, IDisposable
{
    // the network's picture is 4:3, the clip 3:2: 84×56 lies in 84×63 with a margin of 3.5 px above and below
    private const int Width = 56, Height = 42, ClipWidth = 84, ClipHeight = 56;

    // 84 px of the clip are 56 of the network's picture
    private const double Scale = 1.5;

    private readonly TempFolder folder = new();
    private readonly List<FrameProgress> heard = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_field_of_view_that_is_given_is_fed_as_rays()
    {
        // z of the points = 10 · z of the ray = 10 / √(x² + y² + 1)
        var (depth, video) = Estimate(WithCamera(), o => o with { HorizontalFov = 70 });
        Assert.Equal((70, FieldOfViewSource.Given, DepthScale.Metric, "UniDepthV2"), (video.HorizontalFov!.Value, video.FieldOfViewSource, video.Scale, video.Estimator));
        var lens = Intrinsics.FromFieldOfView(ClipWidth, ClipHeight, 70, null);
        AssertRays(depth, lens);
        Assert.DoesNotContain(heard, m => m.Kind == MessageKind.Warning);
        Assert.Equal(63, Estimate(WithCamera(), o => o with { VerticalFov = 63 }).Video.VerticalFov!.Value, 1e-9);
    }

    [Fact]
    public void With_nothing_given_the_network_reads_its_own_camera_and_gets_it_back_as_rays()
    {
        // the network takes the focal length for 40 px of its own picture across and 90 down: 60 on the geometric mean, 90 of the clip's
        var (depth, video) = Estimate(WithCamera(fx: 40, fy: 90), o => o);
        double expected = 2 * Math.Atan(ClipWidth / 2.0 / (60 * Scale)) * 180 / Math.PI;
        Assert.Equal(expected, video.HorizontalFov!.Value, 1e-4);
        Assert.Equal(FieldOfViewSource.Model, video.FieldOfViewSource);
        Assert.Equal(0, video.Quality["HorizontalFovSpread"], 1e-4);
        AssertRays(depth, Intrinsics.FromFieldOfView(ClipWidth, ClipHeight, expected, null));
        Assert.Contains(heard, m => m.Kind == MessageKind.Verbose && m.Message!.Contains("read off the pictures by the network", StringComparison.Ordinal));
        var stored = DepthVideoReader.Probe(video.Path, TestContext.Current.CancellationToken);
        Assert.Equal((expected, FieldOfViewSource.Model), (stored.HorizontalFov!.Value, stored.FieldOfViewSource), new Near(1e-3));
    }

    [Fact]
    public void A_file_that_takes_no_camera_keeps_what_it_sees_in_size_when_the_lens_is_another()
    {
        // depth 3 everywhere, the network's focal length 60 · 1.5 = 90 px; at 63° it is 84 / 2 / tan 31.5°
        var (depth, video) = Estimate(WithoutCamera(), o => o with { HorizontalFov = 63 });
        double factor = ClipWidth / 2.0 / Math.Tan(31.5 * Math.PI / 180) / 90;
        Assert.Equal(factor, video.Quality["FocalLengthFactor"], 1e-5);
        foreach (float z in depth.Data) Assert.Equal(3 * factor, z, 4e-4); // a step of the format
        Assert.Contains("--with-camera", Assert.Single(heard, m => m.Kind == MessageKind.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_takes_no_camera_is_believed_when_nothing_is_given()
    {
        var (depth, video) = Estimate(WithoutCamera(), o => o);
        Assert.Equal(2 * Math.Atan(ClipWidth / 2.0 / 90) * 180 / Math.PI, video.HorizontalFov!.Value, 1e-4);
        foreach (float z in depth.Data) Assert.Equal(3, z, 4e-4);
        Assert.DoesNotContain(heard, m => m.Kind == MessageKind.Warning);
    }

    [Fact]
    public void The_frame_keeps_its_shape_in_the_networks_picture_and_the_margin_is_of_the_mean_colour()
    {
        // z = 3 + the mean of the network's three colours: 3 in the margin, and the grey's normalised value in the picture
        var model = Points(TinyModel.New().Input("rgbs", [-1, 3, Height, Width]).Constant("three", 3)
            .Node("ReduceMean", ["rgbs"], "mean", ("axes", [1L]), ("keepdims", [1L])).Node("Add", ["mean", "three"], "z")
            .Node("Concat", ["z", "z", "z"], "pts_3d", ("axis", [1L])), 60, 60);
        var (depth, _) = Estimate(model, o => o with { MaxDepth = 20 });
        float inside = 3 + (float)((new[] { (0.485, 0.229), (0.456, 0.224), (0.406, 0.225) }).Average(c => (128 / 255.0 - c.Item1) / c.Item2));
        Assert.Equal(inside, depth[40, 28], 1e-3f);
        Assert.Equal(inside, depth[1, 28], 1e-3f); // no margin at the sides
        // the first rows lie 3.5 px below the margin's edge; linear interpolation there and back reaches 2 px of the network's, 3 of the clip's
        Assert.Equal(inside, depth[40, 5], 1e-3f);
        Assert.InRange(depth[40, 0], Math.Min(3, inside), Math.Max(3, inside));
        Assert.NotEqual(inside, depth[40, 0], 1e-3f);
    }

    [Theory]
    [InlineData("ModelInputSizeFixed")]
    [InlineData("ConfidenceUnavailable")]
    [InlineData("NormalizationNotUsed")]
    [InlineData("OutputMeaningNotUsed")]
    [InlineData("CameraPathNotUsed")]
    public void What_such_a_file_has_no_use_for_is_refused(string errorId)
    {
        var e = Assert.Throws<MetricDepthException>(() => Estimate(WithoutCamera(), o => errorId switch
        {
            "ModelInputSizeFixed" => o with { InputSize = 70 },
            "ConfidenceUnavailable" => o with { Confidence = true },
            "NormalizationNotUsed" => o with { Normalization = MetricDepth.Estimation.OnnxDepth.ColorNormalization.ZeroToOne },
            "OutputMeaningNotUsed" => o with { OutputMeaning = OutputMeaning.Depth },
            _ => o with { CameraPath = WritePath() },
        }));
        Assert.Equal(errorId, e.ErrorId);
        Assert.False(File.Exists(folder["depth.mkv"]));
    }

    [Theory]
    [InlineData("ModelInputUnsupported", new long[] { 1, 3, -1, -1 })] // its exporter fixes the size
    [InlineData("ModelInputUnsupported", new long[] { 2, 3, Height, Width })]
    [InlineData("ModelOutputUnsupported", new long[] { 1, 3, Height, Width })] // no camera comes out
    public void A_file_that_is_not_its_exporters_is_named(string errorId, long[] shape)
    {
        var model = TinyModel.New().Input("rgbs", shape).Output("pts_3d", shape).Node("Identity", ["rgbs"], "pts_3d");
        if (errorId == "ModelInputUnsupported") model = Camera(model, 60, 60);
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Estimate(model, o => o)).ErrorId);
    }

    /// <summary>z = 10 × the ray's z, at each pixel.</summary>
    private static TinyModel WithCamera(float fx = 60, float fy = 60) => Points(TinyModel.New()
        .Input("rgbs", [-1, 3, Height, Width]).Input("rays", [-1, 3, Height, Width]).Constant("ten", 10).Constant("none", 0)
        .Node("Mul", ["rays", "ten"], "far").Node("Mul", ["rgbs", "none"], "nothing").Node("Add", ["far", "nothing"], "pts_3d"), fx, fy);

    /// <summary>Everything 3 m away, by a camera of 60 px.</summary>
    private static TinyModel WithoutCamera() => Points(TinyModel.New().Input("rgbs", [-1, 3, Height, Width]).Constant("none", 0).Constant("three", 3)
        .Node("Mul", ["rgbs", "none"], "nothing").Node("Add", ["nothing", "three"], "pts_3d"), 60, 60);

    private static TinyModel Points(TinyModel model, float fx, float fy) => Camera(model.Output("pts_3d", [-1, 3, Height, Width]), fx, fy);

    private static TinyModel Camera(TinyModel model, float fx, float fy) => model.Output("intrinsics", [1, 3, 3])
        .Tensor("matrix", [1, 3, 3], fx, 0, Width / 2f, 0, fy, Height / 2f, 0, 0, 1).Node("Identity", ["matrix"], "intrinsics");

    private void AssertRays(Plane<float> depth, Intrinsics lens)
    {
        for (int y = 2; y < ClipHeight - 2; y += 3)
            for (int x = 2; x < ClipWidth - 2; x += 3)
            {
                double u = (x - lens.Cx) / lens.Fx, v = (y - lens.Cy) / lens.Fy;
                // linear interpolation of 1/√(1 + u² + v²) over 1.5 px and a step of the format; half a pixel off would be 0.02 at the borders
                Assert.Equal(10 / Math.Sqrt(u * u + v * v + 1), depth[x, y], 4e-3);
            }
    }

    private (Plane<float> Depth, DepthVideo Video) Estimate(TinyModel model, Func<DepthEstimationOptions, DepthEstimationOptions> change)
    {
        File.WriteAllBytes(folder["unidepthv2.onnx"], model.ToBytes());
        var options = change(new()
        {
            SourcePath = grey.Path,
            DestinationPath = folder["depth.mkv"],
            ModelPath = folder["unidepthv2.onnx"],
            Overwrite = true,
            Inference = new() { Device = InferenceDevice.Cpu },
        });
        var video = DepthEstimation.Run(options, new Listener(heard), TestContext.Current.CancellationToken);
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var depth = new Plane<float>(video.Width, video.Height);
        for (int i = 0; i < 3; i++) Assert.True(reader.Read(depth));
        return (depth, video);
    }

    private string WritePath()
    {
        new CameraPath(null, [Pose.Identity, Pose.Identity, Pose.Identity]).Save(folder["path.json"]);
        return folder["path.json"];
    }

    /// <summary>Three grey frames, made once for all tests.</summary>
    public sealed class GreyClip : IDisposable
    {
        private readonly TempFolder folder = new();

        public GreyClip()
        {
            var frame = new Plane<uint>(ClipWidth, ClipHeight);
            frame.Span.Fill(0x808080);
            using var writer = FrameWriter.Open(Path, new() { Width = ClipWidth, Height = ClipHeight, FrameRate = new(25) }, CancellationToken.None);
            for (int i = 0; i < 3; i++) writer.Write(frame.Bytes);
            writer.Complete();
        }

        public string Path => folder["grey.mkv"];

        public void Dispose() => folder.Dispose();
    }

    private sealed class Near(double tolerance) : IEqualityComparer<(double, FieldOfViewSource)>
    {
        public bool Equals((double, FieldOfViewSource) a, (double, FieldOfViewSource) b) => Math.Abs(a.Item1 - b.Item1) <= tolerance && a.Item2 == b.Item2;

        public int GetHashCode((double, FieldOfViewSource) value) => 0;
    }

    private sealed class Listener(List<FrameProgress> heard) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind != MessageKind.None) heard.Add(value);
        }
    }
}
