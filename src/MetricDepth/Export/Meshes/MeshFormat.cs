namespace MetricDepth.Export.Meshes;

/// <summary>How a mesh is stored.</summary>
public enum MeshFormat
{
    /// <summary>Binary glTF 2.0 (ISO/IEC 12113): one file with the texture in it; metres, x right, y up, z backward.</summary>
    Glb,

    /// <summary>Wavefront OBJ as text, with the material (MTL) and the texture (PNG) beside it; metres, x right, y down, z forward.</summary>
    Obj,

    /// <summary>Binary little-endian PLY 1.0 with a colour for each vertex; metres, x right, y down, z forward.</summary>
    Ply,
}
