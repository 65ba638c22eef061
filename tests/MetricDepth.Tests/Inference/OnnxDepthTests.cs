using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Estimation.Choice;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Estimation.OnnxDepth;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Video;

namespace MetricDepth.Tests.Inference;

/// <summary>-ModelPath: small networks written here, run by the real ONNX Runtime on a clip whose left half is dark and right half bright.</summary>
public sealed class OnnxDepthTests(OnnxDepthTests.Halves halves) : IClassFixture<OnnxDepthTests.Halves>, IDisposable
{
    private const byte Dark = 64, Bright = 192;
    private const int Width = 84, Height = 56, FrameCount = 3;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Depth_from_a_network_arrives_in_metres_pixel_for_pixel(bool channelsLast)
    {
        // plain = mean 0 and deviation 1: the network sees grey levels 0..1 and gives 4 × level
        var frames = Estimate(Plain(Brightness("depth", 4, channelsLast)), out var facts);
        Assert.Equal(FrameCount, frames.Count);
        Assert.Equal(DepthScale.Metric, facts.Scale);
        foreach (var depth in frames)
        {
            // FFV1 keeps the levels; a free input size of 28 px and bilinear back leave flat areas flat (float32 rounding: 1e-5)
            Assert.Equal(4 * Dark / 255f, depth[5, 20], 1e-4f);
            Assert.Equal(4 * Bright / 255f, depth[Width - 5, 20], 1e-4f);
        }
    }

    [Fact]
    public void Colours_are_normalised_as_Depth_Anything_expects()
    {
        // red only; the mean and deviation of ImageNet's red: (level/255 − 0.485) / 0.229, plus 3 to stay above 0
        var model = TinyModel.New().Input("image", [1, 3, 28, 42]).Output("depth", [1, 28, 42])
            .Constant("red", 3, 0, 0).Constant("three", 3)
            .Node("Transpose", ["image"], "last", ("perm", [0L, 2, 3, 1]))
            .Node("Mul", ["last", "red"], "masked")
            .Node("ReduceMean", ["masked"], "mean", ("axes", [3L]), ("keepdims", [0L]))
            .Node("Add", ["mean", "three"], "depth");
        var depth = Estimate(model, out _)[0];
        Assert.Equal((Dark / 255f - 0.485f) / 0.229f + 3, depth[5, 20], 1e-4f);
        Assert.Equal((Bright / 255f - 0.485f) / 0.229f + 3, depth[Width - 5, 20], 1e-4f);
    }

    [Fact]
    public void Inverse_depth_makes_bright_near_and_the_median_as_asked()
    {
        var frames = Estimate(Plain(Brightness("disparity", 1)), out var facts, o => o with { MedianDepth = 6 });
        // median of a half-dark, half-bright clip is one of the two levels; the ratio of the depths is that of the levels
        Assert.Equal((float)Bright / Dark, frames[0][5, 20] / frames[0][Width - 5, 20], 1e-3f);
        Assert.Contains(6f, new[] { frames[0][5, 20], frames[0][Width - 5, 20] }, new Within(1e-3f));
        Assert.Equal(DepthScale.Assumed, facts.Scale);
    }

    [Fact]
    public void Inverse_depth_without_a_known_distance_is_called_relative_and_said_so_once()
    {
        var heard = new List<FrameProgress>();
        Estimate(Plain(Brightness("inverse_depth", 1)), out var facts, progress: new Listener(heard));
        Assert.Equal(DepthScale.Relative, facts.Scale);
        Assert.Contains("-MedianDepth", Assert.Single(heard, p => p.Kind == MessageKind.Warning).Message);
    }

    [Fact]
    public void Nothing_near_zero_inverse_depth_lands_beyond_the_largest_depth()
    {
        var frames = Estimate(Plain(Brightness("disparity", 1, offset: -Dark / 255f)), out _, o => o with { MedianDepth = 2, MaxDepth = 20 });
        Assert.Equal(20f, frames[0][5, 20], 1e-3f);
        Assert.Equal(2f, frames[0][Width - 5, 20], 1e-3f);
    }

    [Fact]
    public void A_known_median_scales_metric_depth_too()
    {
        var frames = Estimate(Plain(Brightness("depth", 4)), out var facts, o => o with { MedianDepth = 10 });
        Assert.Contains(10f, new[] { frames[0][5, 20], frames[0][Width - 5, 20] }, new Within(1e-3f));
        Assert.Equal((float)Bright / Dark, frames[0][Width - 5, 20] / frames[0][5, 20], 1e-3f);
        Assert.Equal(DepthScale.Metric, facts.Scale);
    }

    [Theory]
    [InlineData("depth", "model.onnx", false)]
    [InlineData("depth", "depth_anything_v2_vits.onnx", true)]
    [InlineData("depth", "depth_anything_v2_metric_hypersim_vits.onnx", false)]
    [InlineData("predicted_depth", "model.onnx", true)]
    [InlineData("predicted_depth", "zoedepth.onnx", false)]
    [InlineData("disparity", "model.onnx", true)]
    public void What_the_numbers_mean_follows_from_the_names(string output, string file, bool inverse)
    {
        File.WriteAllBytes(folder[file], Brightness(output, 1).ToBytes());
        using var model = OnnxModel.Open(folder[file]);
        var (meaning, isMetric, _) = DepthOutput.Interpret(model, DepthOutput.Choose(model));
        Assert.Equal((inverse, !inverse), (meaning != OutputMeaning.Depth, isMetric));
    }

    [Fact]
    public void Metadata_has_the_last_word_on_what_the_numbers_mean()
    {
        Estimate(Plain(Brightness("disparity", 1)).Metadata("metricdepth.output", "depth"), out var facts);
        Assert.Equal(DepthScale.Metric, facts.Scale);
    }

    [Theory]
    [InlineData("ImageNet", (Bright / 255f - 0.485f) / 0.229f, (Bright / 255f - 0.406f) / 0.225f)]
    [InlineData("zero-to-one", Bright / 255f, Bright / 255f)]
    [InlineData("MinusOneToOne", Bright / 127.5f - 1, Bright / 127.5f - 1)]
    [InlineData("0.1, 0.2, 0.3; 2, 4, 0.5", (Bright / 255f - 0.1f) / 2, (Bright / 255f - 0.3f) / 0.5f)]
    public void The_normalisation_that_is_told_comes_before_the_metadata(string normalization, float red, float blue)
    {
        foreach (var (weights, expected) in new[] { (new float[] { 3, 0, 0 }, red), ([0, 0, 3], blue) })
        {
            var model = TinyModel.New().Input("image", [1, 3, 28, 42]).Output("depth", [1, 28, 42])
                .Constant("channel", weights).Constant("three", 3)
                .Node("Transpose", ["image"], "last", ("perm", [0L, 2, 3, 1]))
                .Node("Mul", ["last", "channel"], "masked")
                .Node("ReduceMean", ["masked"], "mean", ("axes", [3L]), ("keepdims", [0L]))
                .Node("Add", ["mean", "three"], "depth");
            var depth = Estimate(model.Metadata("metricdepth.mean", "9, 9, 9"), out _, o => o with { Normalization = ColorNormalization.Parse(normalization) })[0];
            Assert.Equal(expected + 3, depth[Width - 5, 20], 1e-4f);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Imagenet2")]
    [InlineData("0,0,0,1,1")]
    [InlineData("0,0,0,1,0,1")]
    [InlineData("0,0,0,1,1,NaN")]
    public void A_normalisation_that_is_none_is_named(string text) =>
        Assert.Equal("NormalizationInvalid", Assert.Throws<MetricDepthException>(() => ColorNormalization.Parse(text)).ErrorId);

    [Fact]
    public void The_meaning_that_is_told_comes_before_metadata_and_names()
    {
        var model = Plain(Brightness("disparity", 4)).Metadata("metricdepth.output", "disparity");
        var frames = Estimate(model, out var facts, o => o with { OutputMeaning = OutputMeaning.Depth });
        Assert.Equal(DepthScale.Metric, facts.Scale);
        Assert.Equal(4 * Dark / 255f, frames[0][5, 20], 1e-4f);
        Estimate(Plain(Brightness("depth", 4)), out facts, o => o with { OutputMeaning = OutputMeaning.InverseDepth });
        Assert.Equal(DepthScale.Relative, facts.Scale);
    }

    [Fact]
    public void Inverse_depth_that_says_it_is_metric_becomes_its_reciprocal()
    {
        var frames = Estimate(Plain(Brightness("inverse_depth", 1)).Metadata("metricdepth.metric", "true"), out var facts);
        Assert.Equal(DepthScale.Metric, facts.Scale);
        Assert.Equal(255f / Dark, frames[0][5, 20], 1e-3f);
        Assert.Equal(255f / Bright, frames[0][Width - 5, 20], 1e-3f);
    }

    [Theory]
    [InlineData(OutputMeaning.Disparity, 20, 0.8f / 0.275f)] // 0 is infinitely far: 2 m · 0.4 / value, and 0.8 / 0.025 is beyond 20 m
    [InlineData(OutputMeaning.InverseDepth, 8, 1 / 0.375f)] // −0.1 is infinitely far: 2 m · 0.5 / (value + 0.1)
    public void Below_zero_inverse_depth_gets_an_offset_and_a_disparity_does_not(OutputMeaning meaning, float quarter, float threeQuarters)
    {
        // the dark half becomes −0.1, the bright one 0.4; the two columns between them are a quarter and three quarters of the way
        float factor = 0.5f * 255 / (Bright - Dark);
        var frames = Estimate(Plain(Brightness("map", factor, offset: 0.4f - Bright / 255f * factor)), out _, o => o with { OutputMeaning = meaning, MedianDepth = 2 });
        Assert.Equal((20f, 2f), (frames[0][5, 20], frames[0][Width - 5, 20]), new PairWithin(1e-3f));
        Assert.Equal((quarter, threeQuarters), (frames[0][Width / 2 - 1, 20], frames[0][Width / 2, 20]), new PairWithin(1e-3f));
    }

    [Theory]
    [InlineData(1920, 1080, 518, 924, 518)]
    [InlineData(640, 480, 518, 686, 518)]
    [InlineData(1080, 1920, 518, 518, 924)]
    [InlineData(1920, 804, 392, 938, 392)]
    [InlineData(84, 56, 28, 42, 28)]
    [InlineData(100, 100, 30, 42, 42)]
    public void A_network_that_takes_any_size_gets_multiples_of_14(int width, int height, int shorter, int expectedWidth, int expectedHeight) =>
        Assert.Equal((expectedWidth, expectedHeight), PictureSize.ForImage(width, height, shorter));

    [Fact]
    public void The_lens_is_passed_on_with_square_pixels_and_unknown_otherwise()
    {
        Estimate(Plain(Brightness("depth", 4)), out var blind);
        Assert.Null(blind.HorizontalFov);
        Estimate(Plain(Brightness("depth", 4)), out var told, o => o with { HorizontalFov = 90 });
        // tan(v/2) = tan(45°) · 56/84
        Assert.Equal(2 * Math.Atan(56.0 / 84) * 180 / Math.PI, told.VerticalFov!.Value, 1e-9);
    }

    [Fact]
    public void The_whole_conversion_writes_a_depth_video_that_says_who_made_it()
    {
        File.WriteAllBytes(folder["four.onnx"], Plain(Brightness("depth", 4)).ToBytes());
        var options = new DepthEstimationOptions
        {
            SourcePath = halves.Clip.Path,
            DestinationPath = folder["out.mkv"],
            ModelPath = folder["four.onnx"],
            InputSize = 42,
            HorizontalFov = 63,
        };
        DepthEstimation.Run(options, null, TestContext.Current.CancellationToken);
        var video = DepthVideoReader.Probe(folder["out.mkv"], TestContext.Current.CancellationToken);
        Assert.Equal(("Onnx:four", DepthScale.Metric, (long?)FrameCount), (video.Estimator, video.Scale, video.FrameCount));
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var depth = new Plane<float>(Width, Height);
        Assert.True(reader.Read(depth));
        Assert.Equal(4 * Bright / 255f, depth[Width - 5, 20], 4e-4f); // one step of the format is 0.00031 m
    }

    [Fact]
    public void Text_named_onnx_is_an_invalid_model()
    {
        string path = folder["poem.onnx"];
        File.WriteAllText(path, "Roses are red");
        Assert.Equal("ModelInvalid", Assert.Throws<MetricDepthException>(() => OpenEstimator(path)).ErrorId);
    }

    [Fact]
    public void A_truncated_model_is_an_invalid_model()
    {
        string path = folder["half.onnx"];
        byte[] whole = Brightness("depth", 4).ToBytes();
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Assert.Equal("ModelInvalid", Assert.Throws<MetricDepthException>(() => OpenEstimator(path)).ErrorId);
    }

    [Fact]
    public void A_missing_model_is_not_found() =>
        Assert.Equal("ModelNotFound", Assert.Throws<MetricDepthException>(() => OpenEstimator(folder["none.onnx"])).ErrorId);

    public static TheoryData<string, long[], int> WrongInputs => new()
    {
        { "three axes", [3, 28, 42], 1 },
        { "grey", [1, 1, 28, 42], 1 },
        { "a batch of two", [2, 3, 28, 42], 1 },
        { "bytes", [1, 3, 28, 42], 2 },
    };

    [Theory]
    [MemberData(nameof(WrongInputs))]
    public void A_network_that_takes_something_else_is_named(string what, long[] shape, int type)
    {
        var model = TinyModel.New().Input("image", shape, type).Output("depth", shape, type).Node("Identity", ["image"], "depth");
        string expected = type == 1 ? "ModelInputUnsupported" : "ModelOutputUnsupported";
        var error = Assert.Throws<MetricDepthException>(() => Estimate(model, out _));
        Assert.True(expected == error.ErrorId, $"{what}: {error.ErrorId}");
    }

    [Fact]
    public void A_network_that_gives_three_planes_is_named()
    {
        var model = TinyModel.New().Input("image", [1, 3, 28, 42]).Output("depth", [1, 3, 28, 42]).Node("Identity", ["image"], "depth");
        Assert.Equal("ModelOutputUnsupported", Assert.Throws<MetricDepthException>(() => Estimate(model, out _)).ErrorId);
    }

    [Fact]
    public void An_input_size_that_a_fixed_network_cannot_take_is_refused()
    {
        var model = TinyModel.New().Input("image", [1, 3, 28, 42]).Output("depth", [1, 28, 42])
            .Node("ReduceMean", ["image"], "depth", ("axes", [1L]), ("keepdims", [0L]));
        Assert.Equal("ModelInputSizeFixed", Assert.Throws<MetricDepthException>(() => Estimate(model, out _, o => o with { InputSize = 56 })).ErrorId);
    }

    [Fact]
    public void Malformed_normalisation_in_the_metadata_is_named()
    {
        var model = Brightness("depth", 1).Metadata("metricdepth.mean", "0.5, red, 0.5");
        Assert.Equal("ModelMetadataInvalid", Assert.Throws<MetricDepthException>(() => Estimate(model, out _)).ErrorId);
    }

    [Fact]
    public void Cancelling_stops_a_network_in_the_middle_of_a_frame()
    {
        // 2,000 passes of Softmax over a megapixel: minutes of work in one run
        var model = TinyModel.New().Input("image", [1, 3, 1008, 1008]).Output("depth", [1, 1008, 1008]).Node("Softmax", ["image"], "s0");
        for (int i = 1; i < 2000; i++) model.Node("Softmax", [$"s{i - 1}"], $"s{i}");
        model.Node("ReduceMean", ["s1999"], "depth", ("axes", [1L]), ("keepdims", [0L]));
        using var stop = new CancellationTokenSource();
        DateTime? asked = null;
        // a thread of its own, as Ctrl+C has one: a timer waits for the thread pool, which other tests keep busy
        var user = new Thread(() =>
        {
            Thread.Sleep(1500);
            asked = DateTime.UtcNow;
            stop.Cancel();
        });
        user.Start();
        Assert.ThrowsAny<OperationCanceledException>(() => Estimate(model, out _, o => o with { InputSize = null }, stop: stop));
        user.Join();
        Assert.NotNull(asked);
        // a layer takes tens of milliseconds; three seconds leave room for a busy machine
        Assert.InRange((DateTime.UtcNow - asked.Value).TotalSeconds, 0, 3);
    }

    /// <summary>Mean of the colours × factor + offset, at any size.</summary>
    private static TinyModel Brightness(string output, float factor, bool channelsLast = false, float offset = 0) => TinyModel.New()
        .Input("image", channelsLast ? [1, -1, -1, 3] : [1, 3, -1, -1])
        .Output(output, [1, -1, -1])
        .Constant("factor", factor)
        .Constant("offset", offset)
        .Node("ReduceMean", ["image"], "mean", ("axes", [channelsLast ? 3L : 1L]), ("keepdims", [0L]))
        .Node("Mul", ["mean", "factor"], "scaled")
        .Node("Add", ["scaled", "offset"], output);

    /// <summary>The network sees plain levels 0..1.</summary>
    private static TinyModel Plain(TinyModel model) => model.Metadata("metricdepth.mean", "0, 0, 0").Metadata("metricdepth.std", "1, 1, 1");

    private static IDepthEstimator OpenEstimator(string path, DepthEstimationOptions? options = null)
    {
        options ??= new() { SourcePath = "", ModelPath = path };
        return OnnxEstimators.Open(ModelFile.Describe(path, options.OutputMeaning, out _), options);
    }

    private List<Plane<float>> Estimate(TinyModel model, out EstimationFacts facts,
        Func<DepthEstimationOptions, DepthEstimationOptions>? change = null, string file = "tiny.onnx",
        IProgress<FrameProgress>? progress = null, CancellationTokenSource? stop = null)
    {
        var cancellation = stop?.Token ?? TestContext.Current.CancellationToken;
        string path = folder[file];
        File.WriteAllBytes(path, model.ToBytes());
        var clip = halves.Clip;
        var options = new DepthEstimationOptions { SourcePath = clip.Path, ModelPath = path, InputSize = 28 };
        options = change?.Invoke(options) ?? options;
        using var estimator = OpenEstimator(path, options);
        var job = new EstimationJob(clip, Width, Height, clip.FrameRate, options);
        facts = estimator.Prepare(job, progress, cancellation);
        var frames = new List<Plane<float>>();
        estimator.Estimate(job, (depth, _) =>
        {
            var copy = new Plane<float>(depth.Width, depth.Height);
            depth.Span.CopyTo(copy.Span);
            frames.Add(copy);
        }, progress, cancellation);
        return frames;
    }

    /// <summary>The clip, made once for all tests.</summary>
    public sealed class Halves : IDisposable
    {
        private readonly TempFolder folder = new();

        public Halves()
        {
            var frame = new Plane<uint>(Width, Height);
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                    frame[x, y] = (x < Width / 2 ? Dark : Bright) * 0x010101u;
            var options = new FrameWriterOptions { Width = Width, Height = Height, FrameRate = new(25) };
            using var writer = FrameWriter.Open(folder["halves.mkv"], options, CancellationToken.None);
            for (int i = 0; i < FrameCount; i++) writer.Write(frame.Bytes);
            Clip = writer.Complete();
        }

        public VideoClip Clip { get; }

        public void Dispose() => folder.Dispose();
    }

    private sealed class Listener(List<FrameProgress> heard) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => heard.Add(value);
    }

    private sealed class PairWithin(float tolerance) : IEqualityComparer<(float, float)>
    {
        public bool Equals((float, float) a, (float, float) b) => Math.Abs(a.Item1 - b.Item1) <= tolerance && Math.Abs(a.Item2 - b.Item2) <= tolerance;

        public int GetHashCode((float, float) value) => 0;
    }

    private sealed class Within(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float a, float b) => Math.Abs(a - b) <= tolerance;

        public int GetHashCode(float value) => 0;
    }
}
