using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>Which way the cameras of a clip looked, and which way was down for them, on the whole.</summary>
internal sealed class MeanGaze
{
    /// <summary>The sum of their downward axes.</summary>
    public Vector3 Down { get; private set; }

    /// <summary>The sum of their viewing directions.</summary>
    public Vector3 Ahead { get; private set; }

    /// <summary>Adds a camera.</summary>
    /// <param name="pose">The camera to the axes of the scene.</param>
    public void Add(Pose pose)
    {
        Down += pose.Rotation * new Vector3(0, 1, 0);
        Ahead += pose.Rotation * new Vector3(0, 0, 1);
    }
}
