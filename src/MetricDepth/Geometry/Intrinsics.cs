namespace MetricDepth.Geometry;

/// <summary>A pinhole camera: focal lengths and principal point in pixels. Pixel centres are at integer coordinates.</summary>
/// <param name="Width">Image width, px.</param>
/// <param name="Height">Image height, px.</param>
/// <param name="Fx">Horizontal focal length, px.</param>
/// <param name="Fy">Vertical focal length, px.</param>
/// <param name="Cx">Principal point, px from the left.</param>
/// <param name="Cy">Principal point, px from the top.</param>
public readonly record struct Intrinsics(int Width, int Height, double Fx, double Fy, double Cx, double Cy)
{
    /// <summary>Horizontal field of view, degrees: 2 atan(width / 2 fx).</summary>
    public double HorizontalFov => 2 * Math.Atan(Width / (2 * Fx)) * (180 / Math.PI);

    /// <summary>Vertical field of view, degrees: 2 atan(height / 2 fy).</summary>
    public double VerticalFov => 2 * Math.Atan(Height / (2 * Fy)) * (180 / Math.PI);

    /// <summary>
    /// The camera of a <paramref name="width"/>×<paramref name="height"/> picture from its field of view:
    /// <c>fx = width / (2 tan(hfov/2))</c>. With only one angle the pixels are square. The principal point is the image centre.
    /// </summary>
    /// <exception cref="MetricDepthException">No angle is given, or one is outside (0°, 180°).</exception>
    public static Intrinsics FromFieldOfView(int width, int height, double? horizontalFov, double? verticalFov)
    {
        double? fx = FocalLength(width, horizontalFov, "-HorizontalFov");
        double? fy = FocalLength(height, verticalFov, "-VerticalFov");
        if ((fx ?? fy) is not { } known)
            throw new MetricDepthException("FieldOfViewMissing", FailureKind.InvalidArgument,
                "The field of view is not known. Give -HorizontalFov or -VerticalFov in degrees (63 suits most phones and webcams).");
        return new(width, height, fx ?? known, fy ?? known, (width - 1) / 2.0, (height - 1) / 2.0);
    }

    /// <summary>The same camera for a picture resized to another size.</summary>
    public Intrinsics Resized(int width, int height)
    {
        double sx = (double)width / Width, sy = (double)height / Height;
        return new(width, height, Fx * sx, Fy * sy, (Cx + 0.5) * sx - 0.5, (Cy + 0.5) * sy - 0.5);
    }

    private static double? FocalLength(int size, double? degrees, string parameter)
    {
        if (degrees is not { } d) return null;
        if (!(d > 0 && d < 180))
            throw new MetricDepthException("FieldOfViewOutOfRange", FailureKind.InvalidArgument,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parameter} {d} is not between 0 and 180 degrees."));
        return size / (2 * Math.Tan(d * Math.PI / 360));
    }
}
