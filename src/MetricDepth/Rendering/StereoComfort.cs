using System.Globalization;

namespace MetricDepth.Rendering;

/// <summary>
/// What can be watched for long. On a screen: the depth budget of television ("BSkyB Technical Guidelines for Plano Stereoscopic (3D)
/// Programme Content"), 3 % of the picture's width: 1 % before the screen and 2 % behind it. In a headset, where the eyes
/// see the scene under its own angles: nothing nearer than half a metre (Meta's guidelines for comfort), to eyes 63 mm apart.
/// </summary>
internal static class StereoComfort
{
    /// <summary>Comfortable disparity before the screen, percent of the width.</summary>
    public const double BeforeScreen = 1;

    /// <summary>Comfortable disparity behind the screen, percent of the width.</summary>
    public const double BehindScreen = 2;

    // What a steady screen may lag behind a scene that moves.
    private const double Tolerance = 0.25;
    private const double NearestInHeadset = 0.5, UsualPupillaryDistance = 63;

    /// <summary>Whether a layout is for a screen that both eyes look at, whatever the convergence.</summary>
    public static bool IsForScreen(StereoLayout layout) => layout is StereoLayout.HalfSideBySide or StereoLayout.HalfTopBottom or StereoLayout.Anaglyph
        or StereoLayout.CrossEyed or StereoLayout.HalfCrossEyed or StereoLayout.Interlaced or StereoLayout.ColumnInterlaced or StereoLayout.Checkerboard;

    /// <summary>Whether a layout shows two flat pictures, in which disparity is a share of the width.</summary>
    public static bool HasDisparity(StereoLayout layout) => layout is not (StereoLayout.Vr180 or StereoLayout.Touchly0 or StereoLayout.Touchly1);

    /// <summary>What to tell the user; null when it is comfortable.</summary>
    /// <param name="options">What was rendered.</param>
    /// <param name="min">Least disparity, percent.</param>
    /// <param name="max">Largest disparity, percent.</param>
    /// <param name="percentPerInverse">Disparity of a point at 1 m with parallel eyes, percent.</param>
    public static string? Warning(StereoRenderOptions options, double min, double max, double percentPerInverse) =>
        options.ConvergenceDistance is null && !IsForScreen(options.Layout) ? HeadsetWarning(options, max / percentPerInverse) : ScreenWarning(options, min, max);

    private static string? ScreenWarning(StereoRenderOptions options, double min, double max)
    {
        if (max <= BeforeScreen + Tolerance && min >= -BehindScreen - Tolerance) return null;
        double budget = BeforeScreen + BehindScreen;
        string advice = max - min <= budget + Tolerance
            ? "Give -ConvergenceDistance Auto, or a distance nearer to the middle of the scene"
            : string.Create(CultureInfo.InvariantCulture,
                $"Give -PupillaryDistance {Math.Max(1, Math.Floor(options.PupillaryDistance * budget / (max - min)))}{(options.ConvergenceDistance is { Metres: null } ? "" : " and -ConvergenceDistance Auto")}");
        return string.Create(CultureInfo.InvariantCulture,
            $"The scene reaches from {Place(min)} to {Place(max)}; on a screen, {BeforeScreen} % before it to {BehindScreen} % behind it is comfortable. {advice}.");
    }

    private static string? HeadsetWarning(StereoRenderOptions options, double nearest)
    {
        // the angle between the eyes' lines of sight
        double angle = 2 * Math.Atan(options.PupillaryDistance / 2000 * nearest), limit = 2 * Math.Atan(UsualPupillaryDistance / 2000 / NearestInHeadset);
        return angle <= limit ? null : string.Create(CultureInfo.InvariantCulture,
            $"The nearest parts of the scene ({1 / nearest:0.##} m) turn eyes {options.PupillaryDistance} mm apart by {angle * 180 / Math.PI:0.#}° towards each other; up to {limit * 180 / Math.PI:0.#}° is comfortable in a headset. Give a smaller -PupillaryDistance, or for a screen -ConvergenceDistance Auto.");
    }

    private static string Place(double percent) => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(percent):0.0} % of the width {(percent < 0 ? "behind" : "before")} the screen");
}
