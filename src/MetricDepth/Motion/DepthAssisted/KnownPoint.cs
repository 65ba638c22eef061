using System.Numerics;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>A point of known place and where the camera whose pose is wanted sees it.</summary>
/// <param name="Origin">The centre of the camera that hosts it.</param>
/// <param name="Ray">The world direction in which that camera sees it, z = 1 in the host; the point is Origin + Ray / Rho.</param>
/// <param name="Rho">Inverse depth in the host, 1/m.</param>
/// <param name="RhoDeviation">Standard deviation of <paramref name="Rho"/>.</param>
/// <param name="Pixel">Where it is seen, px.</param>
/// <param name="Reading">The inverse depth read there, if any.</param>
/// <param name="Trust">How surely it stands still, 0..1.</param>
internal readonly record struct KnownPoint(
    Vector3 Origin, Vector3 Ray, double Rho, double RhoDeviation, Vector2 Pixel, MeasuredInverseDepth Reading, float Trust);
