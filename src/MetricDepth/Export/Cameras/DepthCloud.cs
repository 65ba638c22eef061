using MetricDepth.Export.PointClouds;

namespace MetricDepth.Export.Cameras;

/// <summary>What was seen along a path, as points.</summary>
/// <param name="Points">In the axes of the exported path.</param>
/// <param name="Frames">How many frames are in them.</param>
/// <param name="CellSize">How wide the cells are that they stand for, in words.</param>
internal sealed record DepthCloud(PointBuffer Points, long Frames, string CellSize);
