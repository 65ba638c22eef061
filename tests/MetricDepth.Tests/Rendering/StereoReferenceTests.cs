using MetricDepth.Depth;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

/// <summary>
/// Against the Python toolbox's own stereo of the same depth. Its mesh grid is scaled by (w+1)/w and (h+1)/h about the corner and
/// sampled at pixel centres + ½, so its picture lies up to half a pixel outward of ours towards every border (nothing in the
/// middle) and is blurred by that interpolation: that, and nothing else, is what the tolerances leave room for.
/// </summary>
public class StereoReferenceTests(ITestOutputHelper output)
{
    private const int Frames = 5;
    private const uint Green = 0x00FF00;

    private static readonly (int Width, int Height) Size = (640, 480);

    [Fact]
    public void BothEyesMatchTheToolbox()
    {
        string reference = DataFile.Require("reference/stereo.mkv");
        using var folder = new TempFolder();
        var ours = RawVideo.Read(Render(folder, new() { Depth = null!, HoleFill = HoleFill.Stretch }).Path);
        var theirs = RawVideo.Read(reference);
        Assert.Equal(Frames, ours.Count);
        for (int frame = 0; frame < Frames; frame++)
            for (int eye = 0; eye < 2; eye++)
            {
                var (psnr, agreement) = Compare(ours[frame], theirs[frame], eye);
                output.WriteLine($"frame {frame} eye {eye}: {psnr:F2} dB, drawn areas agree in {agreement:P2}");
                Assert.True(psnr >= 35, $"frame {frame}, eye {eye}: {psnr:F2} dB");
                Assert.True(agreement >= 0.98, $"frame {frame}, eye {eye}: {agreement:P2}");
            }
    }

    [Fact]
    public void RemovedEdgesLeaveTheHolesOfTheToolbox()
    {
        string reference = DataFile.Require("reference/stereo-infill-mask.mkv");
        using var folder = new TempFolder();
        var video = Render(folder, new() { Depth = null!, RemoveEdges = true, HoleFill = HoleFill.None, InfillMask = true });
        var ours = RawVideo.Read(video.InfillMaskPath!);
        var theirs = RawVideo.Read(reference);
        var pictures = RawVideo.Read(video.Path);
        long same = 0, oursOnly = 0, theirsOnly = 0, both = 0;
        for (int frame = 0; frame < Frames; frame++)
            for (int i = 0; i < ours[frame].Length; i++)
            {
                bool hole = ours[frame][i] == 0xFFFFFF, expected = (theirs[frame][i] & 0xFF) > 127;
                Assert.True(hole || ours[frame][i] == 0, "the mask is black or white");
                Assert.True(!hole || pictures[frame][i] == 0, "nothing is drawn in a hole");
                if (hole == expected) same++;
                if (hole && expected) both++;
                else if (hole) oursOnly++;
                else if (expected) theirsOnly++;
            }
        double agreement = (double)same / (same + oursOnly + theirsOnly);
        output.WriteLine($"agree {agreement:P2}; both {both}, only ours {oursOnly}, only theirs {theirsOnly}; hole share {video.HoleShare:P2}");
        // Edges that run along a row are a hole of one pixel's height there; no row of ours runs through them, and to eyes on a
        // horizontal baseline they uncover nothing.
        Assert.True(agreement >= 0.985, $"{agreement:P2}");
        Assert.True(both > 0.65 * (both + theirsOnly), $"{both} of {both + theirsOnly} hole pixels found");
    }

    [Fact]
    public void Touchly1IsTheToolboxs()
    {
        string reference = DataFile.Require("reference/touchly1.mkv");
        using var folder = new TempFolder();
        var ours = RawVideo.Read(Render(folder, new() { Depth = null!, Layout = StereoLayout.Touchly1 }).Path);
        var theirs = RawVideo.Read(reference);
        Assert.Equal(3, theirs.Count);
        int pixels = Size.Width * Size.Height;
        for (int frame = 0; frame < theirs.Count; frame++)
        {
            Assert.Equal(theirs[frame].Length, ours[frame].Length);
            Assert.True(ours[frame].AsSpan(0, pixels).SequenceEqual(theirs[frame].AsSpan(0, pixels)), "the colours are the source's own");
            // a depth on the border between two greys may round either way
            for (int i = pixels; i < 2 * pixels; i++) Assert.InRange((int)(ours[frame][i] & 255) - (int)(theirs[frame][i] & 255), -1, 1);
        }
    }

    [Fact]
    public void RemovedEdgesLeaveThePictureOfTheToolbox()
    {
        string reference = DataFile.Require("reference/stereo-edges-removed.mkv");
        using var folder = new TempFolder();
        var ours = RawVideo.Read(Render(folder, new() { Depth = null!, RemoveEdges = true, HoleFill = HoleFill.None }).Path);
        var theirs = RawVideo.Read(reference);
        for (int frame = 0; frame < Frames; frame++)
        {
            // Pure green is where the toolbox drew nothing; ours is black there.
            foreach (ref uint pixel in theirs[frame].AsSpan())
                if (pixel == Green) pixel = 0;
            for (int eye = 0; eye < 2; eye++)
            {
                var (psnr, agreement) = Compare(ours[frame], theirs[frame], eye);
                output.WriteLine($"frame {frame} eye {eye}: {psnr:F2} dB, drawn areas agree in {agreement:P2}");
                Assert.True(psnr >= 34, $"frame {frame}, eye {eye}: {psnr:F2} dB");
                Assert.True(agreement >= 0.97, $"frame {frame}, eye {eye}: {agreement:P2}");
            }
        }
    }

    private static StereoVideo Render(TempFolder folder, StereoRenderOptions options) => StereoRender.Run(options with
    {
        Depth = DepthVideoReader.Probe(DataFile.Require("reference/depth.mkv")),
        ColorPath = DataFile.Require("reference/color.mkv"),
        DestinationPath = folder["stereo.mkv"],
        HorizontalFov = 63,
        MaxFrames = Frames,
    }, null, CancellationToken.None);

    private static (double Psnr, double Agreement) Compare(uint[] ours, uint[] theirs, int eye)
    {
        double error = 0;
        long drawn = 0, agree = 0;
        for (int y = 0; y < Size.Height; y++)
            for (int x = 0; x < Size.Width; x++)
            {
                int i = (y * 2 + eye) * Size.Width + x;
                uint a = ours[i], b = theirs[i];
                if ((a != 0) == (b != 0)) agree++;
                if (a == 0 || b == 0) continue;
                drawn++;
                for (int shift = 0; shift < 24; shift += 8)
                {
                    double d = (int)(a >> shift & 255) - (int)(b >> shift & 255);
                    error += d * d;
                }
            }
        return (10 * Math.Log10(255 * 255 * 3 * drawn / error), (double)agree / (Size.Width * Size.Height));
    }
}
