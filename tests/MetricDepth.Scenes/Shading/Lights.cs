using System.Numerics;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Scenes.Shading;

/// <summary>A place that gives off light.</summary>
/// <param name="Position">Metres, world.</param>
/// <param name="Normal">Where it shines; null for all round.</param>
/// <param name="Power">Radiance times area.</param>
internal readonly record struct LightSample(Vector3 Position, Vector3? Normal, Vector4 Power);

/// <summary>Parallel light that comes in through a rectangular window.</summary>
/// <param name="ToSun">Unit vector towards the sun.</param>
/// <param name="Center">The window's centre, metres.</param>
/// <param name="HalfU">Half the window, one way.</param>
/// <param name="HalfV">Half the window, the other way.</param>
/// <param name="Irradiance">On a surface facing the sun, divided by π.</param>
/// <param name="Blur">Angular radius of the sun, radians; larger gives softer shadows.</param>
internal sealed record Sunlight(Vector3 ToSun, Vector3 Center, Vector3 HalfU, Vector3 HalfV, Vector4 Irradiance, double Blur);

/// <summary>All the light of a scene.</summary>
internal sealed record Lights
{
    public IReadOnlyList<LightSample> Samples { get; init; } = [];

    public Sunlight? Sun { get; init; }

    /// <summary>Light that comes from everywhere.</summary>
    public Vector4 Ambient { get; init; }

    /// <summary>Bounces between surfaces to follow.</summary>
    public int Bounces { get; init; }

    /// <summary>A glowing rectangle as n × m samples.</summary>
    public static IEnumerable<LightSample> Rectangle(Vector3 center, Vector3 halfU, Vector3 halfV, Vector4 radiance, int n, int m)
    {
        var normal = Vector3.Cross(halfU, halfV);
        double area = 4 * normal.Length;
        for (int j = 0; j < m; j++)
            for (int i = 0; i < n; i++)
            {
                // nudged off the grid so that shadows of straight edges do not fall in steps
                double a = 2 * (i + 0.2 + 0.6 * Noise.Hash(i, j, 5)) / n - 1, b = 2 * (j + 0.2 + 0.6 * Noise.Hash(i, j, 6)) / m - 1;
                yield return new(center + halfU * a + halfV * b, normal.Normalized, radiance * (float)(area / (n * m)));
            }
    }

    /// <summary>A glowing ball as samples on its surface that shine all round.</summary>
    public static IEnumerable<LightSample> Ball(Vector3 center, double radius, Vector4 radiance, int n)
    {
        double area = Math.PI * radius * radius;
        for (int i = 0; i < n; i++)
        {
            double y = 1 - 2 * (i + 0.5) / n, r = Math.Sqrt(1 - y * y), a = i * 2.399963;
            yield return new(center + new Vector3(r * Math.Cos(a), y, r * Math.Sin(a)) * radius, null, radiance * (float)(area / n));
        }
    }
}
