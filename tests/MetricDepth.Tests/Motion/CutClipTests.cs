using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Video;

namespace MetricDepth.Tests.Motion;

public sealed class CutClipTests
{
    [Fact]
    public void A_cut_is_named_with_its_place()
    {
        using var folder = new TempFolder();
        var clip = Write(folder["cut.mkv"], Filmed.Film(Scene.Room, 20).Concat(Filmed.Film(Scene.Turning, 30)));
        var failure = Assert.Throws<MetricDepthException>(() => CameraSolver.Run(new() { Clip = clip, HorizontalFov = Filmed.Fov }, null, TestContext.Current.CancellationToken));
        Assert.Equal("TrackingLost", failure.ErrorId);
        Assert.Contains("from frame 20 (0.80 s)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_ends_it_at_once()
    {
        using var folder = new TempFolder();
        var clip = Write(folder["clip.mkv"], Filmed.Film(Scene.Room, 20));
        using var source = new CancellationTokenSource();
        int frames = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => CameraSolver.Run(new() { Clip = clip }, new Stopper(() =>
        {
            if (++frames == 3) source.Cancel();
        }), source.Token));
        Assert.InRange(frames, 3, 4);
    }

    private static VideoClip Write(string path, IEnumerable<byte[]> frames)
    {
        using var writer = FrameWriter.Open(path, new() { Width = Filmed.Width, Height = Filmed.Height, FrameRate = new(25), Layout = PixelLayout.Gray8 }, TestContext.Current.CancellationToken);
        foreach (var f in frames) writer.Write(f);
        return writer.Complete();
    }

    private sealed class Stopper(Action act) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => act();
    }
}
