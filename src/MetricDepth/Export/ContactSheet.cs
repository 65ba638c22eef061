using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Export;

/// <summary>
/// One PNG to see at a glance what came out: a row for each of a few frames, colour | depth in Turbo colours (near is red) | anaglyph
/// for red-cyan glasses, and below them the scale of the depth in metres.
/// </summary>
public static class ContactSheet
{
    private const int Rows = 4;
    private const int TileWidth = 560;
    private const int MinHeight = 40;
    private const int Gap = 6;
    private const int BarHeight = 14;
    private const int TextScale = 3;
    private const uint Paper = 0x181818, Ink = 0xF0F0F0, NoDepth = 0x000000;

    /// <summary>Draws and writes the sheet, replacing one that is there.</summary>
    /// <param name="colorPath">The colour video.</param>
    /// <param name="depthPath">Its depth video.</param>
    /// <param name="stereoPath">A stereo video made of the two, both eyes at full size, side by side.</param>
    /// <param name="destination">The PNG file.</param>
    /// <exception cref="AggregateException">Of <see cref="MetricDepthException"/>: a video cannot be read.</exception>
    public static void Run(string colorPath, string depthPath, string stereoPath, string destination)
    {
        var depth = DepthVideoReader.Probe(depthPath);
        long frames = depth.FrameCount ?? 1;
        long[] wanted = [.. Enumerable.Range(0, Rows).Select(i => (long)((i + 0.5) * frames / Rows)).Distinct()];
        int height = Math.Clamp((int)Math.Round((double)TileWidth * depth.Height / depth.Width), MinHeight, 4 * TileWidth);

        List<Plane<uint>> colour = [], eyes = [];
        List<Plane<float>> metres = [];
        Parallel.Invoke(
            () => colour = Read(VideoProbe.Probe(colorPath), wanted, depth.FrameRate, TileWidth, height),
            () => eyes = Read(VideoProbe.Probe(stereoPath), wanted, depth.FrameRate, 2 * TileWidth, height),
            () => metres = ReadDepth(depth, wanted, TileWidth, height));
        var (near, far) = Range(metres);

        var sheet = new Plane<uint>(3 * TileWidth + 4 * Gap, wanted.Length * (height + Gap) + 2 * Gap + BarHeight + SmallText.Height(TextScale) + 2 * Gap);
        sheet.Span.Fill(Paper);
        for (int i = 0; i < wanted.Length; i++)
        {
            int top = Gap + i * (height + Gap);
            if (i < colour.Count) Paste(colour[i], sheet, Column(0), top);
            if (i < metres.Count) Paste(Coloured(metres[i], near, far), sheet, Column(1), top);
            if (i < eyes.Count) Paste(Anaglyph(eyes[i]), sheet, Column(2), top);
            Caption(sheet, (wanted[i] / depth.FrameRate.Value).ToString("0.0 s", CultureInfo.InvariantCulture), Column(0) + Gap, top + height - Gap - SmallText.Height(TextScale));
        }
        Scale(sheet, Column(1), Gap + wanted.Length * (height + Gap), near, far);

        string partial = destination + ".partial";
        using (var file = File.Create(partial)) Png.Write(sheet, file);
        File.Move(partial, destination, overwrite: true);
    }

    private static int Column(int index) => Gap + index * (TileWidth + Gap);

    private static List<Plane<uint>> Read(VideoClip clip, long[] wanted, Rational rate, int width, int height)
    {
        var found = new List<Plane<uint>>();
        using var reader = FrameReader.Open(clip, new() { Width = width, Height = height, FrameRate = rate, MaxFrames = wanted[^1] + 1 }, CancellationToken.None);
        var frame = new Plane<uint>(width, height);
        for (long i = 0; found.Count < wanted.Length && reader.Read(frame.Bytes); i++)
        {
            if (i != wanted[found.Count]) continue;
            found.Add(frame);
            frame = new(width, height);
        }
        return found;
    }

    private static List<Plane<float>> ReadDepth(DepthVideo video, long[] wanted, int width, int height)
    {
        var found = new List<Plane<float>>();
        using var reader = DepthVideoReader.Open(video, CancellationToken.None, wanted[^1] + 1);
        var frame = new Plane<float>(video.Width, video.Height);
        for (long i = 0; found.Count < wanted.Length && reader.Read(frame); i++)
        {
            if (i != wanted[found.Count]) continue;
            var tile = new Plane<float>(width, height);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) // the nearest pixel: a mean across an edge would be a depth that nothing has
                    tile[x, y] = frame[x * frame.Width / width, y * frame.Height / height];
            found.Add(tile);
        }
        return found;
    }

    /// <summary>The 1st and 99th percentile of the depths shown, so that single pixels do not spoil the colours.</summary>
    private static (double Near, double Far) Range(List<Plane<float>> planes)
    {
        float[] all = [.. planes.SelectMany(p => p.Data).Where(d => d > 0)];
        if (all.Length == 0) return (1, 2);
        Array.Sort(all);
        double near = all[all.Length / 100], far = all[^(all.Length / 100 + 1)];
        return (near, Math.Max(far, near * 1.01));
    }

    /// <summary>Where a depth lies between near (1) and far (0), by its logarithm: equal ratios look equally different.</summary>
    private static double Nearness(double depth, double near, double far) => Math.Log(far / depth) / Math.Log(far / near);

    private static Plane<uint> Coloured(Plane<float> depth, double near, double far)
    {
        var picture = new Plane<uint>(depth.Width, depth.Height);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = depth.Data[i] > 0 ? Colormap.Turbo(Nearness(depth.Data[i], near, far)) : NoDepth;
        return picture;
    }

    private static Plane<uint> Anaglyph(Plane<uint> eyes)
    {
        int width = eyes.Width / 2;
        var picture = new Plane<uint>(width, eyes.Height);
        var arrangement = new AnaglyphArrangement(width, eyes.Height);
        ViewImage[] views = [new(width, eyes.Height), new(width, eyes.Height)];
        var mask = new byte[width * eyes.Height];
        for (int y = 0; y < eyes.Height; y++)
        {
            eyes.Row(y)[..width].CopyTo(views[0].Color.AsSpan(views[0].Row(y)));
            eyes.Row(y)[width..].CopyTo(views[1].Color.AsSpan(views[1].Row(y)));
            arrangement.Place(new EyeRows(views, y), y, picture.Span, mask);
        }
        return picture;
    }

    private static void Paste(Plane<uint> tile, Plane<uint> sheet, int left, int top)
    {
        for (int y = 0; y < tile.Height; y++) tile.Row(y).CopyTo(sheet.Row(top + y)[left..]);
    }

    private static void Scale(Plane<uint> sheet, int left, int top, double near, double far)
    {
        for (int y = 0; y < BarHeight; y++)
            for (int x = 0; x < TileWidth; x++)
                sheet[left + x, top + y] = Colormap.Turbo(1 - x / (TileWidth - 1.0));
        const int Labels = 5;
        for (int i = 0; i < Labels; i++)
        {
            double share = i / (Labels - 1.0);
            string text = Metres(near * Math.Pow(far / near, share));
            int width = SmallText.Width(text, TextScale);
            int centre = left + (int)(share * TileWidth);
            SmallText.Draw(sheet, text, Math.Clamp(centre - width / 2, left, left + TileWidth - width), top + BarHeight + Gap, TextScale, Ink);
        }
    }

    private static void Caption(Plane<uint> sheet, string text, int left, int top)
    {
        for (int y = -TextScale; y < SmallText.Height(TextScale) + TextScale; y++)
            sheet.Row(top + y).Slice(left - TextScale, SmallText.Width(text, TextScale) + 2 * TextScale).Fill(Paper);
        SmallText.Draw(sheet, text, left, top, TextScale, Ink);
    }

    private static string Metres(double value) =>
        value.ToString(value < 10 ? "0.00 m" : value < 100 ? "0.0 m" : "0 m", CultureInfo.InvariantCulture);
}
