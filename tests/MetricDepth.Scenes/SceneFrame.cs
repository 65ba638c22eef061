using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Scenes;

/// <summary>One picture of a scene and everything there is to know about it.</summary>
/// <param name="Color">BGR0, H×W; edges and texture are filtered, so it does not alias.</param>
/// <param name="Depth">Exact depth at pixel centres, along the optical axis, metres, H×W.</param>
/// <param name="Objects">The object seen at pixel centres: an index into <see cref="Scene.Objects"/>, H×W.</param>
/// <param name="Camera">The pinhole camera.</param>
/// <param name="Pose">Camera to frame 0's left camera.</param>
public sealed record SceneFrame(Plane<uint> Color, Plane<float> Depth, Plane<byte> Objects, Intrinsics Camera, Pose Pose);
