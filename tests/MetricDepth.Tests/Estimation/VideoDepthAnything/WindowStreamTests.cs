using System.Runtime.InteropServices;
using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Imaging;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>A clip taken through overlapping windows, with a function in the network's place.</summary>
public sealed class WindowStreamTests
{
    // the network's pictures and the depth video's frames
    private const int W = 28, H = 14, Width = 37, Height = 23;

    public static TheoryData<int, bool, int> Clips()
    {
        var data = new TheoryData<int, bool, int>();
        int batch = 0;
        foreach (int length in (int[])[1, 5, 21, 22, 23, 24, 25, 26, 31, 32, 33, 44, 47, 50, 54, 200])
            foreach (bool metric in (bool[])[false, true])
                data.Add(length, metric, 1 + batch++ * 3 % 11);
        return data;
    }

    [Theory]
    [MemberData(nameof(Clips))]
    public void Frames_that_stream_by_get_the_depth_that_the_whole_clip_at_once_would_give(int length, bool metric, int batch)
    {
        var source = new MadeUpFrames(length);
        using var network = new FunctionNetwork(W, H, batch);
        var got = Stream(network, source, metric);

        float[][] Window(float[][] pictures)
        {
            float[] features = new float[32 * W * H], outputs = new float[32 * W * H];
            for (int t = 0; t < 32; t++) FunctionNetwork.Feature(pictures[t], features.AsSpan(t * W * H, W * H));
            FunctionNetwork.Head(features, outputs, W * H);
            return [.. outputs.Chunk(W * H).Select(map => OfflineRule.Resize(map, W, H, Width, Height))];
        }
        var expected = OfflineRule.Run([.. Enumerable.Range(0, length).Select(MadeUpFrames.Picture)], Window, metric);

        Assert.Equal(length, got.Count);
        // the values reach 15: float32 resolves 1e-6 there, and a few roundings add up
        for (int i = 0; i < length; i++) Assert.Equal(0, expected[i].Zip(got[i], (a, b) => Math.Abs(a - b)).Max(), 1e-5);
        Assert.True(expected.Max(f => f.Max()) - expected.Min(f => f.Min()) > 0.2, "The function gives flat depth, so nothing was shown.");
        Assert.Equal(Enumerable.Range(0, length), network.Encoded.Keys.Order());
        Assert.All(network.Encoded, frame => Assert.True(frame.Value == 1, $"Frame {frame.Key} was encoded {frame.Value} times."));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("metric")]
    public void The_official_windows_become_the_official_depth(string kind)
    {
        var windows = ModelFixture.ReadFloats(DataFile.Require("models/vda_tiny_video_raw_windows.npy"));
        var (expected, shape) = ModelFixture.Floats($"vda_tiny_video_depth_{kind}.npy");
        int height = windows.Shape[2], width = windows.Shape[3];
        var stitcher = new WindowStitcher(width, height, shape[2], shape[1], aligns: kind == "relative");
        var got = new List<float>();
        int[] frames = [32, 28, 10]; // of 50; the windows begin at 0, 22 and 44
        for (int w = 0; w < 3; w++)
            stitcher.Add(windows.Values.AsMemory(w * 32 * width * height, 32 * width * height), frames[w], plane => got.AddRange(plane.Data));
        stitcher.Complete(plane => got.AddRange(plane.Data));
        Assert.Equal(expected.Length, got.Count);
        // the original sums in float32, which alone moves scale and shift by some 1e-6
        Assert.Equal(0, expected.Zip(got, (a, b) => Math.Abs(a - b)).Max(), 2e-5);
    }

    [Fact]
    public void A_long_clip_takes_no_more_buffers_than_a_short_one()
    {
        var (shortBuffers, shortBytes) = Cost(60);
        var (longBuffers, longBytes) = Cost(2000);
        Assert.Equal(shortBuffers, longBuffers);
        // What a window leaves to the collector are tasks and delegates, 2 kB for each of its 31 passes over a frame; its maps take 1.5 MB.
        Assert.InRange((longBytes - shortBytes) / ((2000 - 60) / 22.0), 0, 100_000);

        static (int Buffers, long Bytes) Cost(int length)
        {
            const int w = 5 * W, h = 6 * H;
            var source = new StillFrames(length, 3 * w * h);
            using var network = new FunctionNetwork(w, h, 4);
            var planes = new HashSet<float[]>(ReferenceEqualityComparer.Instance);
            var stitcher = new WindowStitcher(w, h, Width, Height, aligns: true);
            var sequence = new WindowSequence(network);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long frames = sequence.Run(source, (real, outputs) =>
            {
                stitcher.Add(outputs, real, plane => planes.Add(plane.Data));
                return Task.CompletedTask;
            }, _ => { }, TestContext.Current.CancellationToken);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(length, frames);
            Assert.Equal(2, source.Buffers.Count);
            return (planes.Count + source.Buffers.Count, bytes);
        }
    }

    [Fact]
    public void A_window_that_says_the_same_everywhere_is_not_stretched()
    {
        var emitted = new List<float>();
        var stitcher = new WindowStitcher(4, 3, 5, 7, aligns: true);
        foreach (float level in (float[])[3.3f, 7.7f])
            stitcher.Add(Enumerable.Repeat(level, 32 * 12).ToArray(), 32, plane => emitted.Add(plane.Data.Max()));
        Assert.Equal(3.3f, emitted[23], 1e-6);
        Assert.Equal(7.7f, emitted[^1], 1e-6);
    }

    [Fact]
    public void Numbers_that_are_none_are_an_error_with_a_name()
    {
        var stitcher = new WindowStitcher(4, 3, 5, 7, aligns: true);
        stitcher.Add(new float[32 * 12], 32, _ => { });
        var error = Assert.Throws<MetricDepthException>(() => stitcher.Add(Enumerable.Repeat(float.NaN, 32 * 12).ToArray(), 32, _ => { }));
        Assert.Equal("ModelOutputUnusable", error.ErrorId);
    }

    [Fact]
    public void Stopping_stops_and_leaves_nobody_reading()
    {
        using var stop = new CancellationTokenSource();
        var source = new MadeUpFrames(100_000);
        using var network = new FunctionNetwork(W, H, 2);
        Assert.ThrowsAny<OperationCanceledException>(() => new WindowSequence(network).Run(source, (_, _) => Task.CompletedTask,
            frames => { if (frames >= 70) stop.Cancel(); }, stop.Token));
        int read = source.FramesRead;
        Assert.InRange(read, 70, 76);
        Thread.Sleep(20);
        Assert.Equal(read, source.FramesRead);
    }

    [Fact]
    public void A_depth_video_that_cannot_be_written_ends_the_run_before_the_next_window_is_full()
    {
        using var network = new FunctionNetwork(W, H, 2);
        var error = Assert.Throws<IOException>(() => new WindowSequence(network).Run(new MadeUpFrames(1000),
            (_, _) => Task.FromException(new IOException("disk full")), _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal("disk full", error.Message);
        Assert.InRange(network.Encoded.Count, 32, 34);
    }

    private static List<float[]> Stream(FunctionNetwork network, MadeUpFrames source, bool metric)
    {
        var result = new List<float[]>();
        var stitcher = new WindowStitcher(W, H, Width, Height, aligns: !metric);
        void Emit(Plane<float> plane) => result.Add([.. plane.Data]);
        new WindowSequence(network).Run(source, (frames, outputs) => Task.Run(() => stitcher.Add(outputs, frames, Emit)), _ => { },
            TestContext.Current.CancellationToken);
        stitcher.Complete(Emit);
        return result;
    }

    /// <summary>Pictures of noise that drifts; the first value is the frame's number.</summary>
    private sealed class MadeUpFrames(int length) : IPictureSource
    {
        public int FramesRead { get; private set; }

        public int Read(Memory<float> pictures, int count)
        {
            int got = 0;
            for (; got < count && FramesRead < length; got++) Picture(FramesRead++).CopyTo(pictures.Span[(got * 3 * W * H)..]);
            return got;
        }

        public static float[] Picture(int number)
        {
            var random = new Random(number);
            var picture = new float[3 * W * H];
            for (int i = 0; i < picture.Length; i++) picture[i] = MathF.Sin(0.01f * i + 0.13f * number) + 0.3f * random.NextSingle();
            picture[0] = number;
            return picture;
        }
    }

    /// <summary>The same picture over and over, which costs nothing to make; the first value is the frame's number.</summary>
    private sealed class StillFrames(int length, int pictureLength) : IPictureSource
    {
        private readonly float[] picture = [.. Enumerable.Range(0, pictureLength).Select(i => MathF.Sin(0.01f * i))];
        private int read;

        public HashSet<float[]> Buffers { get; } = new(ReferenceEqualityComparer.Instance);

        public int Read(Memory<float> pictures, int count)
        {
            Assert.True(MemoryMarshal.TryGetArray<float>(pictures, out var array));
            Buffers.Add(array.Array!);
            int got = 0;
            for (; got < count && read < length; got++)
            {
                picture.CopyTo(pictures.Span[(got * pictureLength)..]);
                pictures.Span[got * pictureLength] = read++;
            }
            return got;
        }
    }
}
