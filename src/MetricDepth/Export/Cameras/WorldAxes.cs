using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras;

/// <summary>Changes between our axes (x right, y down, z forward) and those of graphics programs.</summary>
internal static class WorldAxes
{
    /// <summary>Our axes from an OpenGL camera's (x right, y up, z backward), and the other way round: it is its own inverse.</summary>
    public static readonly Rotation OpenGlCamera = new(1, 0, 0, 0, -1, 0, 0, 0, -1);

    /// <summary>A world with x right, y forward, z up, from ours: as Blender and nerfstudio have it, level as far as the first camera was.</summary>
    public static readonly Rotation ZUpFromCamera = new(1, 0, 0, 0, 0, 1, 0, -1, 0);

    /// <summary>An OpenGL camera in a world with z up.</summary>
    public static Pose ToGraphics(Pose pose) => new(ZUpFromCamera * pose.Rotation * OpenGlCamera, ZUpFromCamera * pose.Translation);
}
