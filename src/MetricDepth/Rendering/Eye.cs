namespace MetricDepth.Rendering;

/// <summary>One of the viewer's eyes.</summary>
/// <param name="Position">How far it is to the right of the middle between the eyes, in distances between the eyes.</param>
internal readonly record struct Eye(double Position)
{
    /// <summary>The left eye.</summary>
    public static Eye Left => new(-0.5);

    /// <summary>The right eye.</summary>
    public static Eye Right => new(0.5);

    /// <summary>A single eye between the two: what the source camera saw.</summary>
    public static Eye Middle => new(0);
}
