using System.Globalization;
using System.Text;

namespace MetricDepth.Benchmarks;

/// <summary>How often depth of each confidence is right: within 5 % of the truth.</summary>
internal sealed class ConfidenceCalibration
{
    private const int Bins = 10;
    private const double Right = 0.05;

    private readonly long[] _pixels = new long[Bins], _right = new long[Bins];

    /// <summary>Adds the pixels that have a truth; metres.</summary>
    public void Add(ReadOnlySpan<float> depth, ReadOnlySpan<float> truth, ReadOnlySpan<float> confidence, double scale = 1)
    {
        for (int i = 0; i < depth.Length; i++)
        {
            if (!(truth[i] > 0 && depth[i] > 0)) continue;
            int bin = Math.Min((int)(confidence[i] * Bins), Bins - 1);
            _pixels[bin]++;
            if (Math.Abs(depth[i] * scale - truth[i]) < Right * truth[i]) _right[bin]++;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        double all = _pixels.Sum();
        for (int i = 0; i < Bins; i++)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"  confidence {i / 10.0:0.0}..{(i + 1) / 10.0:0.0}: {100 * _pixels[i] / all,5:0.0} % of the pixels, {(_pixels[i] == 0 ? 0 : 100.0 * _right[i] / _pixels[i]),5:0.0} % of them within 5 %"));
        return text.ToString();
    }
}
