using System.Globalization;
using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>The scale below a preview: a bar of the colours, and round numbers of metres under it.</summary>
internal static class PreviewLegend
{
    /// <summary>Pixels without depth: a grey that is in no map.</summary>
    public const uint NoDepth = 0x5C5C5C;

    private const uint Paper = 0x161616, Ink = 0xF0F0F0;

    // a glyph is five of these high: readable after H.264 from 2 on; one is for pictures in which nothing else fits
    private const int WidthOfScale = 240, TinyWidth = 160;

    // once there are some numbers, only short ones are added: 0.85 and 1.8, but not 0.82 or 2.65
    private const int EnoughLabels = 3;
    private const double MostSteps = 20.5;

    private static readonly double[] Mantissas = [5, 2, 1];

    /// <summary>Draws it.</summary>
    /// <param name="width">Width of the whole picture, px.</param>
    /// <param name="longSide">The longer side of the depth, px: text is of a size with that.</param>
    /// <param name="range">The ends of the scale.</param>
    /// <param name="colors">Colours from near to far, BGR0.</param>
    public static Plane<uint> Draw(int width, int longSide, DepthScaleRange range, ReadOnlySpan<uint> colors)
    {
        int scale = width < TinyWidth ? 1 : Math.Max(2, (int)Math.Round((double)longSide / WidthOfScale));
        int gap = 2 * scale, bar = 4 * scale, tick = scale;
        var legend = new Plane<uint>(width, gap + bar + tick + scale + SmallText.Height(scale) + gap);
        legend.Span.Fill(Paper);
        int left = Math.Min(3 * scale, width / 4), length = width - 2 * left;
        for (int x = 0; x < length; x++)
        {
            uint color = colors[(int)((long)x * (colors.Length - 1) / Math.Max(1, length - 1))];
            for (int y = 0; y < bar; y++) legend[left + x, gap + y] = color;
        }
        foreach (var (depth, text, start) in Labels(range, left, length, width, scale))
        {
            int at = left + (int)Math.Round(range.Position(depth) * (length - 1));
            for (int y = 0; y < bar + tick; y++)
                for (int x = 0; x < Math.Max(1, scale / 2); x++)
                    if (y < tick || y >= bar) legend[Math.Clamp(at - scale / 4 + x, 0, width - 1), gap + y] = Ink;
            SmallText.Draw(legend, text, start, gap + bar + tick + scale, scale, Ink);
        }
        return legend;
    }

    /// <summary>
    /// Round numbers that have room. From coarse to fine: evenly spaced, all multiples of the finest step of 1, 2 or 5 that fit; in 1/depth,
    /// where steps shrink towards the far end, those of each step that find room beside the coarser ones.
    /// </summary>
    internal static List<(double Depth, string Text, int Start)> Labels(DepthScaleRange range, int left, int length, int width, int scale)
    {
        var placed = new List<(double Depth, string Text, int Start)>();
        double power = Math.Pow(10, Math.Ceiling(Math.Log10(range.Far)));
        for (int finer = 0; finer < 6; finer++, power /= 10)
            foreach (double mantissa in Mantissas)
            {
                double step = mantissa * power / 10;
                if (step < (range.Far - range.Near) / 200) return placed;
                var candidates = Multiples(range, step).Select(d => (d, Text: Metres(d, step), Start: 0)).Select(l => l with { Start = Start(l.d, l.Text) }).ToList();
                if (range.Spacing == DepthSpacing.Linear)
                {
                    if (candidates.Count == 0) continue;
                    if (placed.Count > 0 && !AllFit(candidates)) return placed;
                    placed = AllFit(candidates) ? candidates : placed;
                    continue;
                }
                bool enough = placed.Count >= EnoughLabels;
                foreach (var label in candidates)
                    if (!(enough && label.d > MostSteps * step) && placed.All(other => Apart(label, other))) placed.Add(label);
            }
        return placed;

        int Start(double depth, string text)
        {
            int centre = left + (int)Math.Round(range.Position(depth) * (length - 1)), size = SmallText.Width(text, scale);
            return Math.Clamp(centre - SmallText.Width(text[..^2], scale) / 2, Math.Min(scale, width - size), Math.Max(0, width - size - scale));
        }

        bool Apart((double, string Text, int Start) a, (double, string Text, int Start) b)
        {
            int room = 4 * scale;
            return a.Start + SmallText.Width(a.Text, scale) + room <= b.Start || b.Start + SmallText.Width(b.Text, scale) + room <= a.Start;
        }

        bool AllFit(List<(double, string, int)> labels)
        {
            for (int i = 1; i < labels.Count; i++)
                if (!Apart(labels[i - 1], labels[i])) return false;
            return true;
        }
    }

    private static IEnumerable<double> Multiples(DepthScaleRange range, double step)
    {
        long first = (long)Math.Ceiling(range.Near / step - 1e-9), last = (long)Math.Floor(range.Far / step + 1e-9);
        for (long i = Math.Max(1, first); i <= Math.Min(last, first + 400); i++) yield return i * step;
    }

    private static string Metres(double depth, double step)
    {
        int decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        return Math.Round(depth, Math.Min(15, decimals)).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture) + " m";
    }
}
