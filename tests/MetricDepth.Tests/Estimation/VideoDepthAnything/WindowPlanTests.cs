using MetricDepth.Estimation;
using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Video;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>The size at which a clip goes through the network, and the memory that it is said to take.</summary>
public sealed class WindowPlanTests
{
    private static readonly DeviceChoice Cpu = new(InferenceDevice.Cpu, InferencePrecision.Float32, "", MessageKind.Verbose);

    [Theory]
    [InlineData(1920, 1080, 924, 518)]
    [InlineData(640, 480, 686, 518)]
    [InlineData(1080, 1920, 518, 924)]
    [InlineData(1920, 804, 938, 392)]
    public void With_memory_enough_a_clip_gets_the_size_that_the_network_was_trained_at(int width, int height, int expectedWidth, int expectedHeight)
    {
        var (plan, messages) = Plan(width, height, null, 1L << 40);
        Assert.Equal((expectedWidth, expectedHeight), (plan.Width, plan.Height));
        Assert.Contains($"{expectedWidth}×{expectedHeight} pixels", Assert.Single(messages).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_little_memory_a_smaller_size_is_taken_and_said()
    {
        long full = Plan(1920, 1080, null, null).Plan.Bytes;
        var (plan, messages) = Plan(1920, 1080, null, full / 2);
        Assert.InRange(plan.Bytes, full / 4, 0.9 * full / 2);
        Assert.InRange(plan.Height, 140, 504);
        Assert.Equal((0, 0), (plan.Width % 14, plan.Height % 14));
        var warning = Assert.Single(messages, m => m.Kind == MessageKind.Warning);
        Assert.Contains("924×518", warning.Message, StringComparison.Ordinal);
        Assert.Contains($"{plan.Width}×{plan.Height}", warning.Message, StringComparison.Ordinal);

        // a patch row more would have been too much
        Assert.True(Plan(1920, 1080, plan.Height + 14, null).Plan.Bytes > 0.9 * full / 2);
    }

    [Fact]
    public void With_next_to_no_memory_it_is_tried_all_the_same_and_said()
    {
        var (plan, messages) = Plan(1920, 1080, null, 1 << 20);
        Assert.Equal(140, plan.Height);
        Assert.Equal(2, messages.Count(m => m.Kind == MessageKind.Warning));
    }

    [Fact]
    public void A_size_that_the_user_gives_is_kept_with_a_warning_that_names_the_memory()
    {
        long full = Plan(1920, 1080, 518, null).Plan.Bytes;
        var (plan, messages) = Plan(1920, 1080, 518, full / 2);
        Assert.Equal((924, 518), (plan.Width, plan.Height));
        var warning = Assert.Single(messages, m => m.Kind == MessageKind.Warning);
        Assert.Contains(FormattableString.Invariant($"{full / 1e9:0.0} GB"), warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Plan(1920, 1080, 518, 2 * full).Messages, m => m.Kind == MessageKind.Warning);
    }

    [Fact]
    public void A_size_beyond_any_machine_is_an_error_with_a_name() =>
        Assert.Equal("ModelInputTooLarge", Assert.Throws<MetricDepthException>(() => Plan(1920, 1080, 16384, 1L << 40)).ErrorId);

    [Fact]
    public void The_machine_tells_how_much_memory_is_free() => Assert.InRange(AvailableMemory.Bytes(), 1 << 20, 1L << 44);

    private static (WindowPlan Plan, List<FrameProgress> Messages) Plan(int width, int height, int? inputSize, long? available)
    {
        var clip = new VideoClip { Path = "clip.mkv", Width = width, Height = height, FrameRate = new(25, 1) };
        var job = OfficialVideo.Job(clip, o => o with { InputSize = inputSize });
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        var messages = new List<FrameProgress>();
        var plan = WindowPlan.For(VideoDepthAnythingNetwork.Read(checkpoint, heads: 3), job, Cpu, available, new Recorder(messages));
        return (plan, messages);
    }

    private sealed class Recorder(List<FrameProgress> messages) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => messages.Add(value);
    }
}
