using System.Globalization;
using MetricDepth.Video;

namespace MetricDepth.Motion.Calibration;

/// <summary>What a video's container says of the lens it was filmed through.</summary>
/// <param name="Make">Who made the camera; null if it is not told.</param>
/// <param name="Model">The camera's model; null if it is not told.</param>
/// <param name="LensModel">The lens; null if it is not told.</param>
/// <param name="EquivalentFocalLength">Focal length of a lens that shows as much on 35 mm film, mm; null if it is not told, or absurd.</param>
/// <param name="HorizontalFov">The field of view itself, degrees, as this module stores it with the views it renders; null if it is not told.</param>
public sealed record LensTags(string? Make, string? Model, string? LensModel, double? EquivalentFocalLength, double? HorizontalFov)
{
    /// <summary>The tag in which this module stores a picture's horizontal field of view, degrees.</summary>
    public const string HorizontalFovTag = Depth.DepthVideoTags.HorizontalFov;

    /// <summary>Diagonal of a 36×24 mm picture on 35 mm film, mm: what "equivalent" is measured by (CIPA DCG-001).</summary>
    public const double FilmDiagonal = 43.2666;

    /// <summary>
    /// Relative standard deviation of a focal length taken from the equivalent one: it is rounded to whole millimetres and tells of photographs,
    /// while video is read from a part of the sensor and cropped to be steadied, by up to a fifth.
    /// </summary>
    public const double Deviation = 0.08;

    // fisheyes to the longest lenses made
    private const double ShortestFocalLength = 7, LongestFocalLength = 2000;

    private static readonly string[] Makes = ["COM.APPLE.QUICKTIME.MAKE", "COM.ANDROID.MANUFACTURER", "CAMERA.MAKE", "MAKE", "MAKER", "MANUFACTURER"];
    private static readonly string[] Models = ["COM.APPLE.QUICKTIME.MODEL", "COM.ANDROID.MODEL", "CAMERA.MODEL", "MODEL"];
    private static readonly string[] Lenses = ["COM.APPLE.QUICKTIME.CAMERA.LENS_MODEL", "CAMERA.LENS_MODEL", "LENSMODEL", "LENS_MODEL", "LENS"];

    // Apple's key, with and without its prefix; Exif's names, as tools that copy a photograph's data into a video write them
    private static readonly string[] FocalLengths =
    [
        "COM.APPLE.QUICKTIME.CAMERA.FOCAL_LENGTH.35MM_EQUIVALENT", "CAMERA.FOCAL_LENGTH.35MM_EQUIVALENT",
        "FOCALLENGTHIN35MMFILM", "FOCALLENGTHIN35MMFORMAT", "FOCAL_LENGTH_IN_35MM_FILM", "FOCAL_LENGTH_35MM",
    ];

    /// <summary>Reads them; members are null where the container says nothing.</summary>
    public static LensTags Read(VideoClip clip)
    {
        string? Text(string[] names) => names.Select(n => clip.Tags.GetValueOrDefault(n)?.Trim()).FirstOrDefault(v => v is { Length: > 0 and < 200 });
        double? focal = FocalLengths.Select(n => Millimetres(clip.Tags.GetValueOrDefault(n))).FirstOrDefault(v => v is not null);
        double? fov = Number(clip.Tags.GetValueOrDefault(HorizontalFovTag)) is { } degrees and >= 1 and <= 179 ? degrees : null;
        return new(Text(Makes), Text(Models), Text(Lenses), focal, fov);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", new[]
    {
        string.Join(' ', new[] { Make, Model }.OfType<string>()), LensModel ?? "",
        EquivalentFocalLength is { } f ? string.Create(CultureInfo.InvariantCulture, $"{f:0.##} mm equivalent") : "",
    }.Where(t => t.Length > 0));

    /// <summary>The focal length in pixels of a picture, <c>f = f35 · diagonal / 43.27 mm</c>; null if none is told.</summary>
    /// <param name="width">Width of the picture as shown, px.</param>
    /// <param name="height">Height of the picture as shown, px.</param>
    public double? FocalLength(int width, int height) =>
        HorizontalFov is { } fov ? width / (2 * Math.Tan(fov * Math.PI / 360))
        : EquivalentFocalLength is { } f ? f * Math.Sqrt((double)width * width + (double)height * height) / FilmDiagonal
        : null;

    // "26", "26.00mm", "26 mm"; zero means unknown
    private static double? Millimetres(string? text)
    {
        if (text is null) return null;
        text = text.Trim();
        if (text.EndsWith("mm", StringComparison.OrdinalIgnoreCase)) text = text[..^2];
        return Number(text) is { } mm and >= ShortestFocalLength and <= LongestFocalLength ? mm : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v) ? v : null;
}
