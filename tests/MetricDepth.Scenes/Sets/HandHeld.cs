using MetricDepth.Geometry;

namespace MetricDepth.Scenes.Sets;

/// <summary>How a person carries a camera: steps bob it, the arm sways, and it points more or less where it should.</summary>
internal static class HandHeld
{
    /// <summary>Steps per second of an easy walk.</summary>
    public const double StepsPerSecond = 1.75;

    /// <summary>A camera at <paramref name="eye"/> that looks at <paramref name="target"/>, shaken by a walk.</summary>
    public static Pose Walk(Vector3 eye, Vector3 target, double seconds, double strength)
    {
        double step = 2 * Math.PI * StepsPerSecond * seconds;
        var bob = new Vector3(
            0.010 * Math.Sin(step / 2) + 0.006 * Math.Sin(1.9 * seconds + 0.4),
            0.009 * Math.Cos(step) + 0.004 * Math.Sin(2.7 * seconds + 1.1),
            0.006 * Math.Sin(step + 0.6));
        var shake = new Vector3(
            0.0045 * Math.Sin(step + 0.9) + 0.004 * Math.Sin(1.3 * seconds + 2.1),
            0.0040 * Math.Sin(step / 2 + 0.3) + 0.006 * Math.Sin(1.1 * seconds),
            0.0050 * Math.Sin(step / 2 + 1.7) + 0.003 * Math.Sin(2.3 * seconds + 0.7));
        var place = LookAt(eye + bob * strength, target);
        return place * new Pose(Rotation.Exp(shake * strength), default);
    }

    /// <summary>A level camera (x right, y down, z forward).</summary>
    public static Pose LookAt(Vector3 eye, Vector3 target)
    {
        var z = (target - eye).Normalized;
        var x = Vector3.Cross(new(0, 1, 0), z).Normalized;
        var y = Vector3.Cross(z, x);
        return new(new(x.X, y.X, z.X, x.Y, y.Y, z.Y, x.Z, y.Z, z.Z), eye);
    }
}
