namespace MetricDepth.Export;

/// <summary>The kinds of files that hold point clouds.</summary>
public enum PointCloudFormat
{
    /// <summary>PLY 1.0: what Blender, MeshLab, Open3D and CloudCompare open. Metres, x right, y down, z forward.</summary>
    Ply,
    /// <summary>LAS 1.4: what surveyors and CloudCompare, PDAL and QGIS open. Metres, x right, y forward, z up, as everybody holds it there.</summary>
    Las,
}
