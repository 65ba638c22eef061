using MetricDepth.Export.Frames;
using MetricDepth.Rendering;

namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// The range that most depth of a clip lies in, from some frames spread over it: one range for all frames, so that a colour means the
/// same distance all the time.
/// </summary>
internal static class DepthRangeSample
{
    private const int SampledFrames = 24;

    // single pixels at depth edges and far windows would otherwise take most of the colours
    private const double LowShare = 0.01, HighShare = 0.98;

    // bins of a thousandth from 1 mm to 100 km
    private const double Least = 1e-3;
    private const int BinsPerE = 1000, Bins = 18500;

    /// <summary>The range, m; null if no sampled pixel has depth.</summary>
    /// <param name="options">Which frames and pixels.</param>
    /// <param name="numbers">The numbers of the frames to be exported, as far as they are known.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static (double Near, double Far)? Find(FrameExportOptions options, IEnumerable<long> numbers, CancellationToken cancellation)
    {
        long[] all = [.. numbers];
        int count = Math.Min(SampledFrames, all.Length);
        long[] sample = [.. Enumerable.Range(0, count).Select(i => all[(int)((2L * i + 1) * all.Length / (2 * count))]).Distinct()];
        var pass = new FrameExportPass(
            options with { Frames = sample, Every = 1, First = null, MaxFrames = null, MinDepth = null, MaxDepth = null }, null, cancellation, FrameNeeds.Depth);
        var bins = new long[Bins];
        try
        {
            pass.Run(() => new ExportFrame(pass), () => _ => { }, frame => Count(frame.Depth, bins), "Looking for the range", null, cancellation);
        }
        catch (MetricDepthException e) when (e.ErrorId == PickedFrames.BeyondEnd)
        {
            // the container counts more frames than there are; those before have been seen
        }
        long pixels = bins.Sum();
        if (pixels == 0) return null;
        double near = At(bins, pixels, LowShare), far = At(bins, pixels, HighShare);
        // a wall seen head-on still gets a scale with two ends
        const double Narrowest = 1.05;
        return far / near >= Narrowest ? (near, far) : (near / Math.Sqrt(Narrowest), far * Math.Sqrt(Narrowest));
    }

    private static void Count(ReadOnlySpan<float> depth, long[] bins)
    {
        // every third pixel of every third row would do; every seventh pixel of all falls on other columns in each row
        for (int i = 0; i < depth.Length; i += 7)
            if (depth[i] > 0) bins[Math.Clamp((int)(Math.Log(depth[i] / Least) * BinsPerE), 0, Bins - 1)]++;
    }

    private static double At(long[] bins, long pixels, double share)
    {
        long seen = 0;
        int bin = 0;
        while ((seen += bins[bin]) < share * pixels) bin++;
        return Least * Math.Exp((bin + 0.5) / BinsPerE);
    }
}
