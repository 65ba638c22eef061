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

    /// <summary>
    /// The pose of a camera that stands at <paramref name="position"/> and looks at <paramref name="target"/>, upright: its x axis is
    /// level. Looking straight up or down its x axis is the frame's own.
    /// </summary>
    /// <param name="position">Where the camera is, metres, in the reference frame.</param>
    /// <param name="target">What lies in the middle of its picture; at the camera itself, it looks along the frame's z axis.</param>
    /// <param name="down">Which way is down; null for the frame's y axis.</param>
    public static Pose LookAt(Vector3 position, Vector3 target, Vector3? down = null)
    {
        var forward = target - position;
        if (!(forward.Length > 0)) return new(Rotation.Identity, position);
        forward = forward.Normalized;
        var right = Vector3.Cross(down ?? new(0, 1, 0), forward); // down × forward = right
        right = right.Length > 1e-9 ? right.Normalized : new(1, 0, 0);
        var below = Vector3.Cross(forward, right);
        return new(new(right.X, below.X, forward.X, right.Y, below.Y, forward.Y, right.Z, below.Z, forward.Z), position);
    }

    /// <summary>Rotation and translation alone; the compiler's version would print <see cref="Inverse"/> of <see cref="Inverse"/> without end.</summary>
    public override string ToString() => $"R = {Rotation}, t = {Translation}";
}
