namespace MetricDepth.Motion.DepthAssisted;

/// <summary>How far tracks can be trusted.</summary>
/// <param name="Deviation">
/// Standard deviation of a coordinate, px. Within a frame a corner is found to a fraction of a pixel, but what a rolling shutter, a lens that is
/// no pinhole and slow drift add is the same for neighbouring points and frames, so it does not average out as the noise of a depth sensor does. Against a sensor's
/// depth a track counts as good to two pixels of a VGA picture. Estimated depth errs just as systematically, and one pixel is enough.
/// </param>
/// <param name="Reach">Misses beyond this many deviations do not agree with a pose.</param>
internal readonly record struct TrackNoise(double Deviation, double Reach)
{
    private const double VgaDiagonal = 800, Least = 0.5;

    /// <summary>Misses beyond this do not agree with a pose, px.</summary>
    public double InlierDistance => Deviation * Reach;

    /// <summary>For pictures of a size: nothing is tracked better than to half a pixel, however small the picture.</summary>
    public static TrackNoise Of(double diagonal, DepthTrust trust)
    {
        double pixel = PixelOf(diagonal);
        return trust == DepthTrust.Measured ? new(2 * pixel, 2) : new(pixel, 3);
    }

    /// <summary>From one keyframe to the next, where little has had the time to drift.</summary>
    /// <param name="diagonal">The picture's, px.</param>
    /// <param name="share">Of a pixel of a VGA picture.</param>
    public static TrackNoise BetweenKeyframes(double diagonal, double share) => new(share * PixelOf(diagonal), 3);

    private static double PixelOf(double diagonal) => Math.Max(Least, diagonal / VgaDiagonal);
}
