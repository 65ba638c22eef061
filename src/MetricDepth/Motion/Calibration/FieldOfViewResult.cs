using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Motion.Calibration;

/// <summary>The field of view of a clip, or that it cannot be told.</summary>
public sealed record FieldOfViewResult
{
    /// <summary>The video, or the tracks.</summary>
    public required string Path { get; init; }

    /// <summary>The file's name without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Width of the picture, px.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the picture, px.</summary>
    public required int Height { get; init; }

    /// <summary>Whether the clip tells its field of view.</summary>
    public bool IsDetermined => HorizontalFov is not null;

    /// <summary>Horizontal field of view, degrees; null if it cannot be told.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees, for square pixels; null if it cannot be told.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Standard deviation of the horizontal field of view, degrees; null if it cannot be told.</summary>
    public double? Deviation { get; init; }

    /// <summary>Lower end of the interval that holds the horizontal field of view with 95 %, degrees.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper end of that interval, degrees.</summary>
    public double? Upper { get; init; }

    /// <summary>Focal length, px at the clip's size.</summary>
    public double? FocalLength { get; init; }

    /// <summary>What it rests on.</summary>
    public required FieldOfViewSource Source { get; init; }

    /// <summary>How the camera moved where it was measured.</summary>
    public CalibrationMotion Motion { get; init; }

    /// <summary>Stretches of the clip that told it independently.</summary>
    public int Stretches { get; init; }

    /// <summary>Frames looked at.</summary>
    public long Frames { get; init; }

    /// <summary>The evidence in words: what was found, or why it cannot be told.</summary>
    public required string Evidence { get; init; }

    /// <summary>What the container says of camera and lens.</summary>
    public LensTags? Lens { get; init; }

    /// <summary>The interval as text, degrees; empty if it cannot be told.</summary>
    public string Interval => IsDetermined ? string.Create(CultureInfo.InvariantCulture, $"{Lower:0.0}..{Upper:0.0}") : "";

    /// <inheritdoc/>
    public override string ToString() => IsDetermined
        ? string.Create(CultureInfo.InvariantCulture, $"{HorizontalFov:0.0} ± {Deviation:0.0}°")
        : "not determined";
}
