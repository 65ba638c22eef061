using System.Globalization;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>At which size a clip's frames go through the network, how many at once, and what memory that will take.</summary>
/// <param name="Width">Width of a picture, px.</param>
/// <param name="Height">Height of a picture, px.</param>
/// <param name="Batch">Frames encoded at once.</param>
/// <param name="Bytes">Estimate of the memory that the network takes at its peak, weights included.</param>
internal sealed record WindowPlan(int Width, int Height, int Batch, long Bytes)
{
    private const int SmallestSide = 10 * PictureSize.Patch;

    /// <summary>Of the memory that is there, what the network may take: the rest is for frames, the encoder, and what the estimate misses.</summary>
    private const double Share = 0.9;

    /// <summary>
    /// Decides. Without <c>InputSize</c> the size is the largest one up to the one the network was trained at that fits the memory.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="job">The clip, and what the user wants.</param>
    /// <param name="device">What runs it.</param>
    /// <param name="available">Memory there is, bytes; null if that cannot be told.</param>
    /// <param name="progress">Told the estimate, and warned where it decides or exceeds something.</param>
    /// <exception cref="MetricDepthException"><c>ModelInputTooLarge</c>.</exception>
    public static WindowPlan For(
        VideoDepthAnythingNetwork network, EstimationJob job, DeviceChoice device, long? available, IProgress<FrameProgress>? progress)
    {
        int batch = device.Device == InferenceDevice.Cpu ? 1 : WindowRule.Step / 2;
        int wanted = job.Options.InputSize ?? PictureSize.DefaultShorterSide;
        var plan = At(wanted);
        double room = available * Share ?? double.PositiveInfinity;
        if (job.Options.InputSize is null)
        {
            for (int side = wanted - PictureSize.Patch; plan.Bytes > room && side >= SmallestSide; side -= PictureSize.Patch) plan = At(side);
            if (plan != At(wanted))
                Warn($"At {At(wanted).Size} the network would take about {Gigabytes(At(wanted).Bytes)} of memory, and {Gigabytes(available)} are free: "
                    + $"it gets {plan.Size} pixels instead ({Gigabytes(plan.Bytes)}), which shows less detail. Close other programs, use a smaller model, or give -InputSize to decide yourself.");
        }
        if (plan.Bytes > room && (job.Options.InputSize is not null || plan.Width * plan.Height <= At(SmallestSide).Width * At(SmallestSide).Height))
            Warn($"At {plan.Size} the network takes about {Gigabytes(plan.Bytes)} of memory, and {Gigabytes(available)} are free. It may fail or become very slow. "
                + "Give a smaller -InputSize, close other programs, or use a smaller model.");
        progress?.Report(FrameProgress.Verbose($"The network gets {plan.Size} pixels and takes about {Gigabytes(plan.Bytes)} of memory"
            + (available is null ? "." : $"; {Gigabytes(available)} are free.")));
        return plan;

        WindowPlan At(int side)
        {
            var (width, height) = PictureSize.ForVideo(job.Width, job.Height, side);
            return new(width, height, batch, Estimate(network, width, height, batch, device.Precision));
        }

        void Warn(string message) => progress?.Report(FrameProgress.Warning(message));
    }

    private string Size => string.Create(CultureInfo.InvariantCulture, $"{Width}×{Height}");

    /// <summary>
    /// Weights (packed anew by ONNX Runtime), slots, and the largest of what the three graphs need while they run, which they do in turns in one arena.
    /// </summary>
    /// <remarks>
    /// Constants are fitted to peak memory (VmHWM) on the CPU, batch 1, float32: S at 504×280, 700×392 and 924×518 (0.69, 1.0, 1.45 GB), B at
    /// 504×280 (1.3), L at 504×280 and 700×392 (3.1, 4.2); the estimate is within 5 % of all six.
    /// </remarks>
    private static long Estimate(VideoDepthAnythingNetwork network, int width, int height, int batch, InferencePrecision precision)
    {
        var levels = network.LevelSizes(width, height);
        if (Numbers(levels[0]) * WindowRule.Length > int.MaxValue)
            throw new MetricDepthException("ModelInputTooLarge", FailureKind.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"The network would get pictures of {width}×{height} pixels. Give a smaller -InputSize."));
        double patches = (double)width * height / (PictureSize.Patch * PictureSize.Patch), number = precision == InferencePrecision.Float16 ? 2 : 4;
        double weights = network.EncoderGraph(width, height, precision).WeightBytes
            + network.TemporalGraph(width, height, precision).WeightBytes + network.DecoderGraph(width, height, precision).WeightBytes;
        double path = WindowRule.Length * Numbers(network.PathSize(width, height));
        double slots = 4 * (WindowRule.Length * (levels.Sum(Numbers) + (double)width * height) + path);
        double encoder = number * batch * patches * network.Width * 12; // its attention never holds a matrix of patches²
        double temporal = 170e6 + 0.06 * weights + number * 5 * path;
        double decoder = number * batch * levels[0].Channels * width * height * 1.5;
        return (long)(90e6 + 1.05 * weights + 25e3 * patches + slots + Math.Max(encoder, Math.Max(temporal, decoder)));

        static double Numbers((int Channels, int Height, int Width) size) => (double)size.Channels * size.Height * size.Width;
    }

    private static string Gigabytes(long? bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
