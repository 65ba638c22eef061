using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Tests.Scenes;

namespace MetricDepth.Tests.Rendering;

/// <summary>Stereo from a camera whose path is known: the viewer need not shake with it.</summary>
public sealed class CameraPathTests(ShakyClip clip, ITestOutputHelper output) : IClassFixture<ShakyClip>, IDisposable
{
    private const int Width = ShakyClip.Width, Height = ShakyClip.Height, Frames = ShakyClip.Frames;
    private const double HalfBaseline = 0.0315;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void A_locked_viewer_sees_the_same_picture_in_every_frame(int? lockFrame)
    {
        var still = Render(new() { Depth = clip.Depth, CameraPath = clip.PathFile, LockFrame = lockFrame });
        Assert.Equal(Frames, still.Pictures.Count);
        var shaky = Render(new() { Depth = clip.Depth, CameraPath = clip.PathFile, FollowCamera = true });
        output.WriteLine($"grey levels from frame to frame: locked {still.Change:F2}, shaking {shaky.Change:F2}");
        // Texture sampled between pixels of another frame differs by a little each time; a shaking camera moves it by several pixels.
        Assert.True(still.Change < 0.25 * shaky.Change, $"{still.Change:F2} against {shaky.Change:F2}");

        // and it is what two eyes at that frame's camera see
        for (int eye = 0; eye < 2; eye++)
        {
            var truth = ShakyClip.Scene.Render(lockFrame ?? 0, ShakyClip.Camera, eye == 0 ? -HalfBaseline : HalfBaseline);
            var score = new PsnrSum();
            for (int frame = 0; frame < Frames; frame++)
                for (int y = 0; y < Height; y++)
                    for (int x = 0; x < Width; x++)
                    {
                        int i = y * 2 * Width + eye * Width + x;
                        if (still.Masks[frame][i] == 0 && Picture.IsInside(truth.Depth, x, y))
                            score.Add(Picture.Channels(still.Pictures[frame][i]), Picture.Channels(truth.Color[x, y]));
                    }
            output.WriteLine($"eye {eye}: {score.Psnr:F1} dB");
            Assert.True(score.Pixels > Frames * Width * Height / 2);
            // A wrong pose, even a transposed or swapped one, is below 20 dB. What is lost is the finest texture, by sampling.
            Assert.True(score.Psnr > 33, $"eye {eye}: {score.Psnr:F1} dB");
        }
    }

    [Fact]
    public void Without_a_lock_the_path_moves_nothing()
    {
        var plain = Render(new() { Depth = clip.Depth });
        var following = Render(new() { Depth = clip.Depth, CameraPath = clip.PathFile, FollowCamera = true });
        for (int frame = 0; frame < Frames; frame++) Assert.Equal(plain.Pictures[frame], following.Pictures[frame]);
    }

    [Fact]
    public void A_path_in_any_frame_of_reference_locks_to_the_same_view()
    {
        // as the sensor's poses of a room: camera to some world, wrapped in an object
        var world = new Pose(Rotation.Exp(new(0.3, -1, 0.2)), new(5, -2, 1));
        var path = CameraPath.Load(clip.PathFile);
        new CameraPath(null, [.. path.Poses.Select(p => world * p)]).Save(_folder["world.json"]);
        File.WriteAllText(_folder["poses.json"], $$"""{ "fx": 525, "poses": {{File.ReadAllText(_folder["world.json"])}} }""");
        var own = Render(new() { Depth = clip.Depth, CameraPath = clip.PathFile, LockFrame = 3 });
        var other = Render(new() { Depth = clip.Depth, CameraPath = _folder["poses.json"], LockFrame = 3 });
        int different = own.Pictures[1].Zip(other.Pictures[1]).Count(p => p.First != p.Second);
        // rounding in the last digits of a pose may move a pixel's value by one
        Assert.InRange(different, 0, own.Pictures[1].Length / 100);
    }

    [Fact]
    public void A_zooming_lens_does_not_zoom_a_locked_view()
    {
        double[] degrees = [63, 50, 75];
        var frames = degrees.Select(d => ShakyClip.Scene.Render(0, Intrinsics.FromFieldOfView(Width, Height, d, null))).ToArray();
        RawVideo.Write(_folder["zoom.mkv"], Width, Height, frames.Select(f => f.Color.Data));
        var depth = DepthClip.Write(_folder["zoom.mkv_depth.mkv"], Width, Height, frames.Length, (x, y, frame) => frames[frame].Depth[x, y], _folder["zoom.mkv"]);
        new CameraPath(null, [.. degrees.Select(_ => Pose.Identity)]).Save(_folder["still.json"]);
        File.WriteAllText(_folder["fov.json"], "[63, 50, 75]");
        var options = new StereoRenderOptions { Depth = depth, CameraPath = _folder["still.json"], FieldOfViewPath = _folder["fov.json"], Layout = StereoLayout.LeftEye };
        foreach (bool withBackground in (bool[])[false, true])
        {
            var still = Render(options with { SaveBackground = withBackground });
            var truth = ShakyClip.Scene.Render(0, ShakyClip.Camera, -HalfBaseline);
            for (int frame = 0; frame < degrees.Length; frame++)
            {
                var score = new PsnrSum();
                for (int y = 0; y < Height; y++)
                    for (int x = 0; x < Width; x++)
                        if (still.Masks[frame][y * Width + x] == 0 && Picture.IsInside(truth.Depth, x, y))
                            score.Add(Picture.Channels(still.Pictures[frame][y * Width + x]), Picture.Channels(truth.Color[x, y]));
                double seen = (double)score.Pixels / (Width * Height);
                output.WriteLine($"{degrees[frame]}°{(withBackground ? " with a background" : "")}: {score.Psnr:F1} dB over {seen:P0}");
                // the widest lens has a fifth fewer pixels to a degree, and less of the finest texture
                Assert.True(score.Psnr > 28, $"{degrees[frame]}°: {score.Psnr:F1} dB");
                // What a narrow lens leaves out, the wider ones have seen. Pixels beside depth edges are not compared.
                Assert.InRange(seen, withBackground || frame != 1 ? 0.75 : 0.4, 1);
            }
        }
    }

    [Theory]
    [InlineData("CameraPathTooShort")]
    [InlineData("LockFrameOutOfRange")]
    [InlineData("CameraPathMissing")]
    [InlineData("LockFrameNotUsed")]
    [InlineData("CameraPathMalformed")]
    [InlineData("FileNotFound")]
    public void A_path_that_does_not_fit_is_named_and_leaves_nothing(string errorId)
    {
        var options = new StereoRenderOptions { Depth = clip.Depth, CameraPath = _folder["path.json"], DestinationPath = _folder["out.mkv"] };
        var path = CameraPath.Load(clip.PathFile);
        new CameraPath(null, errorId == "CameraPathTooShort" ? [.. path.Poses.Take(Frames - 1)] : path.Poses).Save(_folder["path.json"]);
        switch (errorId)
        {
            case "LockFrameOutOfRange": options = options with { LockFrame = Frames }; break;
            case "CameraPathMissing": options = options with { LockFrame = 1, CameraPath = null }; break;
            case "LockFrameNotUsed": options = options with { LockFrame = 1, FollowCamera = true }; break;
            case "CameraPathMalformed": File.WriteAllText(_folder["path.json"], "[[[1, 0, 0, 0], [0, 1, 0, 0]]]"); break;
            case "FileNotFound": options = options with { CameraPath = _folder["nowhere.json"] }; break;
        }
        var error = Assert.Throws<MetricDepthException>(() => StereoRender.Run(options, null, TestContext.Current.CancellationToken));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal([_folder["path.json"]], Directory.GetFiles(_folder.Path));
    }

    private (List<uint[]> Pictures, List<uint[]> Masks, double Change) Render(StereoRenderOptions options)
    {
        var video = StereoRender.Run(options with { DestinationPath = _folder[Guid.NewGuid() + ".mkv"], InfillMask = true, HoleFill = HoleFill.None }, null, TestContext.Current.CancellationToken);
        var (pictures, masks) = (RawVideo.Read(video.Path), RawVideo.Read(video.InfillMaskPath!));
        double sum = 0;
        long count = 0;
        for (int frame = 1; frame < pictures.Count; frame++)
            for (int i = 0; i < pictures[0].Length; i++)
            {
                if (masks[frame][i] != 0 || masks[frame - 1][i] != 0) continue;
                var (a, b) = (Picture.Channels(pictures[frame][i]), Picture.Channels(pictures[frame - 1][i]));
                sum += Math.Abs(a.B - b.B) + Math.Abs(a.G - b.G) + Math.Abs(a.R - b.R);
                count += 3;
            }
        return (pictures, masks, sum / count);
    }
}
