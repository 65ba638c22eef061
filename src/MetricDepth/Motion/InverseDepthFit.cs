using System.Numerics;
using MetricDepth.Geometry;

namespace MetricDepth.Motion;

/// <summary>A point as one of the frames that see it does.</summary>
/// <param name="Pose">Camera to world.</param>
/// <param name="Pixel">Where it sees the point, px.</param>
internal readonly record struct PosedSighting(Pose Pose, Vector2 Pixel);

/// <summary>What is known of a point's depth when all poses are held.</summary>
/// <param name="Rho">Inverse depth along the host's ray.</param>
/// <param name="Deviation">Its standard deviation; infinite where no view fixes it.</param>
/// <param name="MeanSquare">Mean squared residual, each counted up to the gate, px².</param>
internal readonly record struct InverseDepthFit(double Rho, double Deviation, double MeanSquare)
{
    /// <summary>Residuals count up to this, px.</summary>
    public const double GateDistance = 8;

    private const double PixelNoise = 0.5;
    private const int Iterations = 4;

    /// <summary>Solves for the inverse depth alone: Gauss-Newton with Cauchy's weights of one pixel.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="host">Pose of the frame whose ray the point lies on.</param>
    /// <param name="pixel">Where that frame sees it, px.</param>
    /// <param name="others">What other frames see of it.</param>
    /// <param name="rho">First guess.</param>
    /// <param name="typicalRho">The scene's typical inverse depth: steps much smaller than it end the search.</param>
    public static InverseDepthFit Run(Camera camera, Pose host, Vector2 pixel, ReadOnlySpan<PosedSighting> others, double rho, double typicalRho)
    {
        if (others.Length == 0) return new(rho, double.PositiveInfinity, 0);
        var ray = host.Rotation * camera.Ray(pixel);
        double information = 0, meanSquare = 0;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double h = 0, g = 0, squares = 0;
            foreach (ref readonly var other in others)
            {
                var inverse = other.Pose.Rotation.Transposed;
                var baseline = inverse * (host.Translation - other.Pose.Translation);
                var y = inverse * ray + baseline * rho;
                if (!camera.Project(y, out double u, out double v))
                {
                    squares += GateDistance * GateDistance;
                    continue;
                }
                double ru = u - other.Pixel.X, rv = v - other.Pixel.Y, e2 = ru * ru + rv * rv, w = 1 / (1 + e2);
                double iz = 1 / y.Z, ju = camera.Fx * iz * (baseline.X - y.X * iz * baseline.Z), jv = camera.Fy * iz * (baseline.Y - y.Y * iz * baseline.Z);
                h += w * (ju * ju + jv * jv);
                g += w * (ju * ru + jv * rv);
                squares += Math.Min(e2, GateDistance * GateDistance);
            }
            information = h;
            meanSquare = squares / others.Length;
            if (h < 1e-12) break;
            // a prior about as weak as one pixel over the whole range keeps points without parallax where they are
            double step = -g / (h + 1e-9);
            rho += step;
            if (Math.Abs(step) < 1e-5 * typicalRho) break;
        }
        return new(rho, information > 0 ? PixelNoise / Math.Sqrt(information) : double.PositiveInfinity, meanSquare);
    }
}
