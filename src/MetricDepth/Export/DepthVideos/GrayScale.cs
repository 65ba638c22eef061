using MetricDepth.Depth;

namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// Depth to grey levels, 0 = no depth. Without a near limit and evenly spaced it is the Python toolbox's scaling,
/// <c>rint(depth · full / far)</c>. Otherwise the near and the far end are levels 1 and <c>full</c> (the other way round in 1/depth),
/// so that the near end is not taken for no depth; what lies beyond an end takes the end's level.
/// </summary>
internal sealed class GrayScale
{
    private readonly double _low, _high, _factor, _first;
    private readonly bool _isInverse;

    /// <summary>Creates the scale.</summary>
    /// <param name="full">The brightest level.</param>
    /// <param name="near">The depth at one end, m; 0 for the toolbox's scaling.</param>
    /// <param name="far">The depth at the other end, m.</param>
    /// <param name="spacing">How depth is spread between them; evenly in 1/depth only from a near end above 0.</param>
    public GrayScale(int full, double near, double far, DepthSpacing spacing)
    {
        _isInverse = spacing == DepthSpacing.Inverse;
        (_low, _high) = _isInverse ? (1 / far, 1 / near) : (near, far);
        _first = _low > 0 ? 1 : 0;
        _factor = (full - _first) / (_high - _low);
        Encoding = new(1 / _factor, _low - _first / _factor, _isInverse);
    }

    /// <summary>How levels become depth again.</summary>
    public DepthEncoding Encoding { get; }

    /// <summary>The level of a depth; 0 for 0.</summary>
    /// <param name="depth">m.</param>
    public int Level(float depth)
    {
        if (!(depth > 0)) return 0;
        double value = Math.Clamp(_isInverse ? 1.0 / depth : depth, _low, _high);
        return (int)Math.Round(_first + (value - _low) * _factor);
    }
}
