using MetricDepth.Video;

namespace MetricDepth.Tests.Video;

/// <summary>A frame reached by a jump is the frame of that number, whatever the container and codec.</summary>
public class FrameSeekTests
{
    [Theory]
    [InlineData("h264.mp4", "30000/1001", new[] { "-c:v", "libx264", "-bf", "3", "-g", "12" })] // frames stored out of order
    [InlineData("h264.mkv", "30", new[] { "-c:v", "libx264", "-bf", "3", "-g", "250" })] // times in whole milliseconds, one key frame
    [InlineData("ffv1.mkv", "25", new[] { "-c:v", "ffv1", "-g", "1" })]
    [InlineData("late.mkv", "25", new[] { "-c:v", "libx264", "-g", "10", "-output_ts_offset", "3.3" })] // does not begin at 0
    public void Every_frame_is_found(string name, string rate, string[] encoding)
    {
        using var folder = new TempFolder();
        string path = folder[name];
        TestClip.Ffmpeg(["-f", "lavfi", "-i", $"testsrc2=size=64x48:rate={rate}:duration=1.6", .. encoding, path]);
        var clip = VideoProbe.Probe(path, TestContext.Current.CancellationToken);
        var frames = new List<byte[]>();
        using (var all = FrameReader.Open(clip, new(), TestContext.Current.CancellationToken))
            for (var frame = new byte[all.FrameBytes]; all.Read(frame); frame = new byte[all.FrameBytes]) frames.Add(frame);
        Assert.InRange(frames.Count, 39, 49);
        foreach (int number in (int[])[1, 11, 12, 13, 30, frames.Count - 1])
        {
            using var reader = FrameReader.Open(clip, new() { FirstFrame = number, Seek = true }, TestContext.Current.CancellationToken);
            var frame = new byte[reader.FrameBytes];
            Assert.True(reader.Read(frame));
            Assert.True(frame.AsSpan().SequenceEqual(frames[number]), $"frame {number} is {frames.FindIndex(f => f.AsSpan().SequenceEqual(frame))}");
        }
        using var behind = FrameReader.Open(clip, new() { FirstFrame = frames.Count + 5, Seek = true }, TestContext.Current.CancellationToken);
        Assert.False(behind.Read(new byte[behind.FrameBytes]));
    }
}
