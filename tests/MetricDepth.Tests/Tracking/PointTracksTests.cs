using System.Diagnostics;
using System.Numerics;
using System.Text;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Tracking;

/// <summary>Tracking files: ours, the Python toolbox's, and damaged ones.</summary>
public sealed class PointTracksTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_to_a_thousandth_of_a_pixel()
    {
        var random = new Random(1);
        var frames = Enumerable.Range(0, 50).Select(f => (
            Ids: Enumerable.Range(f * 3, f == 7 ? 0 : 40).ToArray(),
            Points: Enumerable.Range(0, f == 7 ? 0 : 40).Select(_ => new Vector2(random.NextSingle() * 4000 - 10, random.NextSingle() * 2000 - 10)).ToArray())).ToList();
        using var writer = PointTracksWriter.Open(_folder["clip.mp4_tracking.json"], overwrite: false);
        foreach (var (ids, points) in frames) writer.Write(ids, points);
        var written = writer.Complete(null);
        var read = PointTracks.Load(written.Path, null, Cancellation);
        Assert.Equal((50, 1, 49L * 40, 49 * 3 + 40L), (read.FrameCount, read.EmptyFrameCount, read.SightingCount, read.Count));
        Assert.Equal((written.FrameCount, written.EmptyFrameCount, written.SightingCount, written.Count), (read.FrameCount, read.EmptyFrameCount, read.SightingCount, read.Count));
        int n = 0;
        foreach (var frame in read.Read(Cancellation))
        {
            Assert.Equal(frames[n].Ids, frame.Ids);
            for (int i = 0; i < frame.Ids.Length; i++)
            {
                // half of the last digit, and a single-precision number of that size
                Assert.Equal(frames[n].Points[i].X, frame.Points[i].X, 0.0008f);
                Assert.Equal(frames[n].Points[i].Y, frame.Points[i].Y, 0.0008f);
            }
            n++;
        }
        foreach (int at in (int[])[49, 0, 7, 20])
        {
            foreach (var tracks in (PointTracks[])[read, written])
            {
                Assert.Equal(frames[at].Ids, tracks[at].Select(p => p.Id));
                Assert.All(tracks[at].Zip(frames[at].Points), p => Assert.Equal(p.Second.X, p.First.X, 0.0008));
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => read[50]);
        Assert.Throws<ArgumentOutOfRangeException>(() => read[-51]);
        Assert.Equal(read[49], read[-1]);
    }

    [Fact]
    public void The_clip_is_found_by_the_files_name()
    {
        File.WriteAllText(_folder["clip.mp4"], "");
        Assert.Equal(_folder["clip.mp4"], Load("[[[1,2,3]]]", "clip.mp4_tracking.json").ColorPath);
        Assert.Null(Load("[[[1,2,3]]]", "other.mp4_tracking.json").ColorPath);
        Assert.Equal("elsewhere.mp4", PointTracks.Load(_folder["clip.mp4_tracking.json"], "elsewhere.mp4", Cancellation).ColorPath);
    }

    [Fact]
    public void The_toolboxs_integers_are_read_in_any_order()
    {
        var tracks = Load("[[[7, 10, 20], [3, 639, 479]], [], [[1296, 5, 6], [7, 11, 21]]]");
        Assert.Equal([new(3, 639, 479), new TrackPoint(7, 10, 20)], tracks[0]);
        Assert.Equal([new(7, 11, 21), new TrackPoint(1296, 5, 6)], tracks[2]);
        Assert.Equal((3, 3L, 1), (tracks.FrameCount, tracks.Count, tracks.EmptyFrameCount));
    }

    [Theory]
    [InlineData("[]", 0, 0, 0)]
    [InlineData("  [ [ ] , [ ] ]\r\n", 2, 0, 0)]
    [InlineData("[[[1,NaN,3],[2,4,5]],[[1,Infinity,2],[2,-Infinity,2],[3,null,1]]]", 2, 1, 4)]
    [InlineData("[[[NaN,1,3]]]", 1, 0, 1)]
    [InlineData("[[[-5,1,2],[2147483647,3,4]],[[-2147483647,1,2]]]", 2, 3, 0)]
    [InlineData("[[[1,2,3],[1,2,3]],[[2,1,1],[2,9,9]]]", 2, 1, 3)]
    [InlineData("[[[1.0,2.5e1,3E-1]]]", 1, 1, 0)]
    [InlineData("[[[1,2,3,0.9,1]]]", 1, 1, 0)]
    [InlineData("[[[1,1e300,3],[2,-1e7,3]]]", 1, 0, 2)]
    [InlineData("[[[1,123456789012345678901234567890,3]]]", 1, 0, 1)]
    public void Odd_files_are_read_as_far_as_they_make_sense(string json, int frames, int sightings, int leftOut)
    {
        var tracks = Load(json);
        Assert.Equal((frames, sightings, leftOut), (tracks.FrameCount, (int)tracks.SightingCount, (int)tracks.LeftOutCount));
        Assert.Equal(sightings, tracks.Read(Cancellation).Sum(f => f.Ids.Length));
        for (int f = 0; f < frames; f++) Assert.All(tracks[f], p => Assert.True(double.IsFinite(p.X) && double.IsFinite(p.Y)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"frames\":[]}")]
    [InlineData("[1,2]")]
    [InlineData("[[1,2,3]]")]
    [InlineData("[[[1,2]]]")]
    [InlineData("[[[1,2,[3]]]]")]
    [InlineData("[[[[1,2,3]]]]")]
    [InlineData("[[[1,2,\"3\"]]]")]
    [InlineData("[[[1,2,3]]")]
    [InlineData("[[[1,2,3]")]
    [InlineData("[[[1,2,3")]
    [InlineData("[[[1,2,3],")]
    [InlineData("[[[1,2,3]],")]
    [InlineData("[[[1,2,3]]] [")]
    [InlineData("[[[1,2,3]],]")]
    [InlineData("[[[1,2,3],]]")]
    [InlineData("[[,[1,2,3]]]")]
    [InlineData("[[[1,2,3][4,5,6]]]")]
    [InlineData("[[[1,2,3]][[4,5,6]]]")]
    [InlineData("[[[1,,3]]]")]
    [InlineData("[[[,2,3]]]")]
    [InlineData("[[[1,2,]]]")]
    [InlineData("[[[1.5,2,3]]]")]
    [InlineData("[[[4294967296,2,3]]]")]
    [InlineData("[[[1e300,2,3]]]")]
    [InlineData("[[[1,+2,3]]]")]
    [InlineData("[[[1,0x2,3]]]")]
    [InlineData("[[[1,nan,3]]]")]
    [InlineData("[[[1,1-2,3]]]")]
    [InlineData("[[[1,.,3]]]")]
    [InlineData("[[[1,-,3]]]")]
    public void A_file_that_holds_no_tracks_is_named_so(string json)
    {
        var e = Assert.Throws<MetricDepthException>(() => Load(json));
        Assert.Equal("TracksMalformed", e.ErrorId);
        Assert.Contains("Get-PointTrack", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        File.WriteAllBytes(_folder["bom.json"], [0xEF, 0xBB, 0xBF, .. "[[[1,2,3]]]"u8]);
        Assert.Equal(1, PointTracks.Load(_folder["bom.json"], null, Cancellation).Count);
    }

    [Fact]
    public void Brackets_without_end_end_in_an_error()
    {
        foreach (string bomb in (string[])[new('[', 3_000_000), "[[[" + new string('1', 3_000_000), "[[[1,2,3" + string.Concat(Enumerable.Repeat(",[", 1_000_000))])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            File.WriteAllText(_folder["bomb.json"], bomb);
            before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("TracksMalformed", Assert.Throws<MetricDepthException>(() => PointTracks.Load(_folder["bomb.json"], null, Cancellation)).ErrorId);
            // the buffer, and the exception
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
        }
    }

    [Theory]
    [InlineData("missing.json", "FileNotFound")]
    [InlineData("", "TracksNotReadable")]
    public void What_is_no_file_is_a_named_error(string name, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => PointTracks.Load(_folder[name], null, Cancellation)).ErrorId);

    [Fact]
    public void Two_million_points_with_jumping_ids_take_a_moment_and_little_memory()
    {
        using (var file = new StreamWriter(_folder["big.json"], false, Encoding.ASCII))
        {
            file.Write('[');
            long id = 1;
            for (int f = 0; f < 2000; f++)
            {
                file.Write(f == 0 ? "[" : ",[");
                for (int i = 0; i < 1000; i++)
                {
                    if (i > 0) file.Write(',');
                    id = (id * 48271) % int.MaxValue;
                    file.Write($"[{id},{i}.5,{f % 480}.25]");
                }
                file.Write(']');
            }
            file.Write(']');
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var tracks = PointTracks.Load(_folder["big.json"], null, Cancellation);
        // a fifth of a second where nothing else runs
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        // the numbers seen take 2 bytes each, in lists that double as they grow, and are gone afterwards
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30 << 20);
        Assert.Equal((2000, 2_000_000L, 2_000_000L), (tracks.FrameCount, tracks.SightingCount, tracks.Count));
        Assert.Equal(1000, tracks[1999].Count);
    }

    [Fact]
    public void Reading_stops_when_asked()
    {
        File.WriteAllText(_folder["long.json"], "[" + string.Join(',', Enumerable.Repeat("[[1,2,3]]", 100_000)) + "]");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => PointTracks.Load(_folder["long.json"], null, stop.Token));
    }

    [Fact]
    public void An_unfinished_file_is_not_left_behind()
    {
        using (var writer = PointTracksWriter.Open(_folder["t.json"], overwrite: false)) writer.Write([1], [new(1, 2)]);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private PointTracks Load(string json, string name = "t.json")
    {
        File.WriteAllText(_folder[name], json);
        return PointTracks.Load(_folder[name], null, Cancellation);
    }
}
