using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Motion.Calibration;

/// <summary>What is to happen when nobody and nothing tells the field of view.</summary>
public enum FieldOfViewNeed
{
    /// <summary>It stays unknown.</summary>
    Optional,
    /// <summary>An error says so.</summary>
    Required,
    /// <summary>An ordinary camera's is taken, with a warning.</summary>
    Assumable,
}

/// <summary>Whose field of view is wanted, and what is known of it.</summary>
public sealed record FieldOfViewRequest
{
    /// <summary>What the user said, degrees.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>What the user said, degrees.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>The depth video, which may have it stored.</summary>
    public DepthVideo? Depth { get; init; }

    /// <summary>The colour video, which may have lens data, and motion.</summary>
    public VideoClip? Color { get; init; }

    /// <summary>Tracks of the colour video that are at hand anyway; null to track it where needed.</summary>
    internal Func<CancellationToken, IEnumerable<SightedFrame>>? Tracks { get; init; }

    /// <summary>The size that <see cref="Tracks"/> are given at, px; not needed with <see cref="Color"/>.</summary>
    internal (int Width, int Height) TracksSize { get; init; }

    /// <summary>What is to happen when it stays unknown.</summary>
    public FieldOfViewNeed Need { get; init; } = FieldOfViewNeed.Required;

    /// <summary>What of the colour video may be looked at.</summary>
    public FieldOfViewEvidence Evidence { get; init; }
}

/// <summary>A field of view and where it comes from.</summary>
/// <param name="HorizontalFov">Degrees; null if only the vertical one was told, or neither is known.</param>
/// <param name="VerticalFov">Degrees; null for square pixels.</param>
/// <param name="Source">Where it comes from.</param>
public readonly record struct ResolvedFieldOfView(double? HorizontalFov, double? VerticalFov, FieldOfViewSource Source);

/// <summary>
/// The one answer to which field of view is used: what the user said, else what the depth video has stored, else what the colour video's
/// container says of the lens, else what its motion tells, else what the caller's need says.
/// </summary>
public static class FieldOfViewResolver
{
    /// <summary>A minute or less of ordinary video: a clip that has not told by then hardly will.</summary>
    private const long MostFrames = 900;

    /// <summary>Resolves; the user is told where it comes from, unless he said it himself or it is stored.</summary>
    /// <exception cref="MetricDepthException"><c>FieldOfViewMissing</c>: it is needed and nothing tells it.</exception>
    public static ResolvedFieldOfView Resolve(FieldOfViewRequest request, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (request.HorizontalFov is not null || request.VerticalFov is not null)
            return new(request.HorizontalFov, request.VerticalFov, FieldOfViewSource.Given);
        if (request.Depth is { } depth && (depth.HorizontalFov is not null || depth.VerticalFov is not null))
            return new(depth.HorizontalFov, depth.VerticalFov, FieldOfViewSource.DepthVideo);
        var found = Look(request, progress, cancellation);
        if (found is { HorizontalFov: { } fov, Source: var source })
        {
            progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"Horizontal field of view {fov:0.0}° ± {found.Deviation:0.0}°. {found.Evidence}")));
            return new(fov, null, source);
        }
        switch (request.Need)
        {
            case FieldOfViewNeed.Assumable:
                progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                    $"{found?.Evidence ?? "Nothing tells the field of view."} {FieldOfViewMeasurement.AssumedFov:0}° is assumed. Give -HorizontalFov if you know it.")));
                return new(FieldOfViewMeasurement.AssumedFov, null, FieldOfViewSource.Assumed);
            case FieldOfViewNeed.Required:
                throw new MetricDepthException("FieldOfViewMissing", FailureKind.InvalidArgument,
                    $"The field of view is not known. {(found is null ? "" : found.Evidence + " ")}Give -HorizontalFov or -VerticalFov in degrees (63 suits most phones and webcams).");
            default:
                if (found is not null) progress?.Report(FrameProgress.Verbose(found.Evidence));
                return new(null, null, FieldOfViewSource.None);
        }
    }

    private static FieldOfViewResult? Look(FieldOfViewRequest request, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var tracks = request.Tracks;
        if (request.Color is { } clip)
        {
            var measured = FieldOfViewMeasurement.Run(
                new() { Clip = clip, MaxFrames = MostFrames, Evidence = tracks is null ? request.Evidence : FieldOfViewEvidence.LensTags }, progress, cancellation);
            if (measured.IsDetermined || tracks is null) return measured;
        }
        if (tracks is null) return null;
        var (width, height) = request.Color is { } c ? (c.Width, c.Height) : request.TracksSize;
        return FieldOfViewMeasurement.Run(request.Color?.Path ?? "", width, height, tracks(cancellation).Take((int)MostFrames), null, progress, cancellation);
    }
}
