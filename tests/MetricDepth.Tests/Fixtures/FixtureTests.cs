namespace MetricDepth.Tests.Fixtures;

public sealed class FixtureTests
{
    [Fact]
    public void The_recorded_networks_are_complete()
    {
        Assert.Equal([50, 30, 52, 3], ModelFixture.Pixels("vda_tiny_video_frames_u8.npy").Shape);
        Assert.Equal([50, 30, 52], ModelFixture.Floats("vda_tiny_video_depth_metric.npy").Shape);
        Assert.Equal([2, 42, 70], ModelFixture.Floats("dav2_metric_tiny_output.npy").Shape);
    }
}
