using MetricDepth.Geometry;

namespace MetricDepth.Motion.Loops;

/// <summary>A rigid motion and a change of size, Sim(3): x ↦ s R x + t.</summary>
internal readonly record struct Similarity(Rotation Rotation, Vector3 Translation, double Scale)
{
    public static Similarity Of(Pose pose) => new(pose.Rotation, pose.Translation, 1);

    public Similarity Inverse
    {
        get
        {
            var inverse = Rotation.Transposed;
            return new(inverse, -(inverse * Translation) * (1 / Scale), 1 / Scale);
        }
    }

    public static Similarity operator *(Similarity a, Similarity b) =>
        new(a.Rotation * b.Rotation, a.Rotation * b.Translation * a.Scale + a.Translation, a.Scale * b.Scale);
}
