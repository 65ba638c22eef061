namespace MetricDepth.Geometry;

/// <summary>
/// A rigid motion, SE(3): <c>x ↦ R x + t</c>. A camera's pose takes a point in that camera to the reference frame
/// (frame 0's camera in a <see cref="CameraPath"/>); metres, x right, y down, z forward.
/// </summary>
/// <param name="Rotation">R.</param>
/// <param name="Translation">t, metres: the camera's centre in the reference frame.</param>
public readonly record struct Pose(Rotation Rotation, Vector3 Translation)
{
    /// <summary>No motion.</summary>
    public static Pose Identity => new(Rotation.Identity, default);

    /// <summary>The inverse motion.</summary>
    public Pose Inverse
    {
        get
        {
            var rt = Rotation.Transposed;
            return new(rt, -(rt * Translation));
        }
    }

    /// <summary>Moves a point.</summary>
    public static Vector3 operator *(Pose p, Vector3 x) => p.Rotation * x + p.Translation;

    /// <summary>The motion that applies <paramref name="b"/> first, then <paramref name="a"/>.</summary>
    public static Pose operator *(Pose a, Pose b) => new(a.Rotation * b.Rotation, a.Rotation * b.Translation + a.Translation);

    /// <summary>Rotation and translation alone; the compiler's version would print <see cref="Inverse"/> of <see cref="Inverse"/> without end.</summary>
    public override string ToString() => $"R = {Rotation}, t = {Translation}";
}
