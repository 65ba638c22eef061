using MetricDepth.Geometry;

namespace MetricDepth.Motion.Loops;

/// <summary>How far two parts of a path may have drifted apart: what is farther off is another place that looks the same.</summary>
/// <param name="Turn">Radians.</param>
/// <param name="Move">In the unit of the poses.</param>
/// <param name="Scale">Of the logarithm of the scale.</param>
internal readonly record struct DriftAllowance(double Turn, double Move, double Scale)
{
    private const double BaseTurn = 0.05, TurnPerKeyframe = 0.004, MostTurn = 0.5;

    /// <summary>What may be expected.</summary>
    /// <param name="depth">What holds the path's scale.</param>
    /// <param name="keyframes">Keyframes between.</param>
    /// <param name="length">Length of the path between.</param>
    /// <param name="typicalDepth">Depth of a typical point.</param>
    public static DriftAllowance Between(DepthTrust depth, int keyframes, double length, double typicalDepth)
    {
        // shares of the path; visual odometry with depth drifts by 1 to 2 %, without by several percent, and its scale with it
        var (share, scale) = depth switch
        {
            DepthTrust.Measured => (0.06, 0.0),
            DepthTrust.Estimated => (0.12, 0.3),
            _ => (0.30, 0.7),
        };
        return new(Math.Min(MostTurn, BaseTurn + TurnPerKeyframe * keyframes), share * length + 0.06 * typicalDepth, scale);
    }

    /// <summary>Whether a gap is within a share of it.</summary>
    public bool Allows(Similarity predicted, Similarity found, double share = 1)
    {
        double turn = (predicted.Rotation.Transposed * found.Rotation).Angle;
        return turn <= share * Turn && (predicted.Translation - found.Translation).Length <= share * Move && Math.Abs(Math.Log(found.Scale)) <= Scale + 1e-9;
    }
}
