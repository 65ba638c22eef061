using MetricDepth.Export.Ply;

namespace MetricDepth.Export.PointClouds;

/// <summary>Points in columns: metres in the axes of the export, with normals and colours where the cloud has them.</summary>
/// <param name="capacity">The most points it can hold.</param>
/// <param name="fields">What points carry beside their position.</param>
internal sealed class PointBuffer(int capacity, VertexFields fields)
{
    /// <summary>What points carry beside their position.</summary>
    public VertexFields Fields => fields;

    /// <summary>Points so far.</summary>
    public int Count { get; set; }

    /// <summary>Right, m.</summary>
    public float[] X { get; } = new float[capacity];

    /// <summary>Down, m.</summary>
    public float[] Y { get; } = new float[capacity];

    /// <summary>Forward, m.</summary>
    public float[] Z { get; } = new float[capacity];

    /// <summary>x of the unit normals; empty without them.</summary>
    public float[] NormalX { get; } = new float[fields.HasFlag(VertexFields.Normal) ? capacity : 0];

    /// <summary>y of the unit normals; empty without them.</summary>
    public float[] NormalY { get; } = new float[fields.HasFlag(VertexFields.Normal) ? capacity : 0];

    /// <summary>z of the unit normals; empty without them.</summary>
    public float[] NormalZ { get; } = new float[fields.HasFlag(VertexFields.Normal) ? capacity : 0];

    /// <summary>BGR0; empty without colour.</summary>
    public uint[] Color { get; } = new uint[fields.HasFlag(VertexFields.Color) ? capacity : 0];
}
