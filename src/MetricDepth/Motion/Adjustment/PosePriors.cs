using MetricDepth.Geometry;

namespace MetricDepth.Motion.Adjustment;

/// <summary>What is known of a pose beforehand.</summary>
/// <param name="Pose">Number of the pose.</param>
/// <param name="Expected">Where it is expected.</param>
/// <param name="RotationDeviation">Standard deviation of the rotation about each axis, radians.</param>
/// <param name="TranslationDeviation">Standard deviation of the position along each axis, in the unit of the poses.</param>
internal readonly record struct AbsolutePrior(int Pose, Pose Expected, double RotationDeviation, double TranslationDeviation);

/// <summary>What is known beforehand of how one camera stands in another's frame.</summary>
/// <param name="From">Number of the first pose.</param>
/// <param name="To">Number of the second.</param>
/// <param name="Expected">Second camera to first.</param>
/// <param name="RotationDeviation">Standard deviation of the rotation about each axis, radians.</param>
/// <param name="TranslationDeviation">Standard deviation of the second's position in the first, along each axis.</param>
internal readonly record struct RelativePrior(int From, int To, Pose Expected, double RotationDeviation, double TranslationDeviation);

/// <summary>How far one pose is known.</summary>
/// <param name="Rotation">Standard deviation of the rotation, radians: root of the trace over three axes.</param>
/// <param name="Translation">Standard deviation of the camera's centre: root of the trace over three axes.</param>
/// <param name="Matrix">6×6 row-major covariance of (rotation vector applied from the left, translation).</param>
internal sealed record PoseCovariance(double Rotation, double Translation, double[] Matrix);
