namespace MetricDepth.Reconstruction.Preview;

/// <summary>A vertex on the grid of samples.</summary>
/// <param name="X">Samples from the left; sample centres are at whole numbers.</param>
/// <param name="Y">Samples from the top.</param>
/// <param name="InverseDepth">1/m.</param>
/// <param name="Color">With its light, BGR0.</param>
internal readonly record struct ScreenVertex(float X, float Y, float InverseDepth, uint Color);
