using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Tests.Rendering;

/// <summary>Small depth videos made for a test.</summary>
internal static class DepthClip
{
    /// <summary>The size and length of <see cref="Small"/>.</summary>
    public const int SmallWidth = 34, SmallHeight = 18, SmallFrames = 5;

    private static readonly FileMemory<DepthVideo> Written = new();

    /// <summary>The <see cref="Room"/> with a test picture as colour: clip.mp4 and clip.mp4_depth.mkv.</summary>
    public static DepthVideo Small(TempFolder folder)
    {
        string color = TestClip.Make(folder["clip.mp4"], SmallWidth, SmallHeight, SmallFrames / 25.0);
        return Write(color + "_depth.mkv", SmallWidth, SmallHeight, SmallFrames, Room, color);
    }

    /// <summary>Writes a depth video from a formula for metres by column, row and frame.</summary>
    public static DepthVideo Write(string path, int width, int height, int frames, Func<int, int, int, double> depth, string? colorPath = null, string rate = "25")
    {
        Assert.True(Rational.TryParse(rate, out var frameRate));
        var facts = new DepthVideo { Path = path, Width = width, Height = height, FrameRate = frameRate, HorizontalFov = 60, ColorPath = colorPath };
        var plane = new Plane<float>(width, height);
        IEnumerable<Plane<float>> Planes()
        {
            for (int frame = 0; frame < frames; frame++)
            {
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++) plane[x, y] = (float)depth(x, y, frame);
                yield return plane;
            }
        }
        string content = FileMemory.Digest(hash =>
        {
            foreach (var each in Planes()) hash.AppendData(each.Bytes);
        });
        // the file names its colour clip, relative to itself
        string color = colorPath is null ? "" : Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(path))!, colorPath);
        var written = Written.Put(path, string.Create(CultureInfo.InvariantCulture, $"{width}x{height} {frameRate} {color} {content}"), made =>
        {
            using var writer = DepthVideoWriter.Open(facts with { Path = made }, overwrite: false, TestContext.Current.CancellationToken);
            foreach (var each in Planes()) writer.Write(each);
            return writer.Complete();
        });
        return written with { Path = Path.GetFullPath(path), ColorPath = colorPath };
    }

    /// <summary>A card at 1 m before a wall at 3 m, with a patch that has no depth.</summary>
    public static double Room(int x, int y, int frame) => x is > 4 and < 9 && y > 2 ? 0 : x is > 12 and < 20 ? 1 + 0.01 * frame : 3;
}
