using System.Globalization;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Geometry;

namespace MetricDepth.Estimation.UniDepth;

/// <summary>
/// UniDepthV2, each frame for itself, with one camera for all of the clip: the user's, or what the network reads off the pictures.
/// </summary>
/// <remarks>
/// <para>A known field of view is fed as rays where the file takes them. A file without takes every picture to be by the camera it reads off it itself;
/// what it recognises then has the right size, and lies at <c>z = size · f / extent</c>: with the true focal length f the depth is
/// <c>f / f'</c> times as large, f' being the median of what the network took it for. That factor is applied and said.</para>
/// <para>Nothing known: f' is the clip's camera, and is fed where the file takes rays.</para>
/// <para>UniDepth's confidence is not offered: by its makers' word it ranks the pixels of one picture and has no absolute meaning, while
/// a confidence video holds the chance that a depth is right.</para>
/// </remarks>
internal sealed class UniDepthEstimator(UniDepthNetwork network) : IDepthEstimator
{
    private const int SampledFrames = 8;

    private readonly ImageDepthEstimator images = new(network);
    private readonly Dictionary<string, double> camera = [];

    /// <inheritdoc/>
    public bool HasConfidence => false;

    /// <inheritdoc/>
    public bool ReadsFieldOfView => true;

    /// <summary>What the network's depth is multiplied by for the camera that it was told of but does not take; after <see cref="Prepare"/>.</summary>
    public double MetricFactor => images.MetricFactor;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Quality => images.Quality.Concat(camera).ToDictionary();

    /// <inheritdoc/>
    public EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        network.Prepare(job);
        var options = job.Options;
        bool isTold = options.HorizontalFov is not null || options.VerticalFov is not null;
        Intrinsics? told = isTold ? Intrinsics.FromFieldOfView(job.Width, job.Height, options.HorizontalFov, options.VerticalFov) : null;
        double read = told is null || !network.TakesRays ? ReadFocalLength(job, progress, cancellation) : 0;
        var lens = told ?? Intrinsics.FromFieldOfView(job.Width, job.Height, Angle(job.Width, read), null);
        if (told is { } known && !network.TakesRays)
        {
            images.MetricFactor = Math.Sqrt(known.Fx * known.Fy) / read;
            camera["FocalLengthFactor"] = images.MetricFactor;
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The UniDepth file takes no camera and sees a horizontal field of view of {Angle(job.Width, read):0.0}°, so its depth is multiplied by {images.MetricFactor:0.###} for the one given. Export it --with-camera to have the network itself know.")));
        }
        else if (told is null)
            progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"Horizontal field of view {lens.HorizontalFov:0.0}°, read off the pictures by the network (within {camera["HorizontalFovSpread"]:0.0}° over {SampledFrames} frames or fewer).")));
        network.SetLens(lens);
        return images.Prepare(job, progress, cancellation) with
        {
            HorizontalFov = lens.HorizontalFov,
            VerticalFov = lens.VerticalFov,
            FieldOfViewSource = isTold ? FieldOfViewSource.Given : FieldOfViewSource.Model,
        };
    }

    /// <inheritdoc/>
    public void Estimate(EstimationJob job, DepthSink emit, IProgress<FrameProgress>? progress, CancellationToken cancellation) =>
        images.Estimate(job, emit, progress, cancellation);

    /// <inheritdoc/>
    public void Dispose() => images.Dispose();

    /// <summary>The median of what the network takes for the focal length over a few frames, px.</summary>
    private double ReadFocalLength(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var focals = new List<double>();
        ClipFrames.Sample(job, network, SampledFrames, "Reading the camera off the pictures",
            input => focals.Add(network.FocalLength(input, cancellation)), progress, cancellation);
        focals.Sort();
        camera["HorizontalFovSpread"] = Angle(job.Width, focals[0]) - Angle(job.Width, focals[^1]);
        return (focals[(focals.Count - 1) / 2] + focals[focals.Count / 2]) / 2;
    }

    private static double Angle(int width, double focal) => 2 * Math.Atan(width / (2 * focal)) * (180 / Math.PI);
}
