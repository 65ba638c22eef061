using System.Runtime.InteropServices;

namespace MetricDepth.Export.Meshes;

/// <summary>The box around the vertices of a mesh, m.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MeshBounds(float MinX, float MinY, float MinZ, float MaxX, float MaxY, float MaxZ)
{
    /// <summary>Measures; a coordinate that is no number makes its bounds NaN.</summary>
    public static MeshBounds Of(TriangleMesh mesh)
    {
        float minX = float.PositiveInfinity, minY = minX, minZ = minX, maxX = float.NegativeInfinity, maxY = maxX, maxZ = maxX;
        var p = mesh.Positions;
        for (int i = 0; i + 2 < p.Length; i += 3)
        {
            (minX, maxX) = (MathF.Min(minX, p[i]), MathF.Max(maxX, p[i]));
            (minY, maxY) = (MathF.Min(minY, p[i + 1]), MathF.Max(maxY, p[i + 1]));
            (minZ, maxZ) = (MathF.Min(minZ, p[i + 2]), MathF.Max(maxZ, p[i + 2]));
        }
        return new(minX, minY, minZ, maxX, maxY, maxZ);
    }

    /// <summary>Whether every coordinate is a number that a file can hold.</summary>
    public bool IsFinite => float.IsFinite(MinX) && float.IsFinite(MinY) && float.IsFinite(MinZ)
        && float.IsFinite(MaxX) && float.IsFinite(MaxY) && float.IsFinite(MaxZ);
}
