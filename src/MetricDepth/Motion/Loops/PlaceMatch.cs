namespace MetricDepth.Motion.Loops;

/// <summary>A keyframe recognised in another.</summary>
/// <param name="From">The earlier, among the places.</param>
/// <param name="To">The later, among the places.</param>
/// <param name="Relative">Later camera to earlier camera; the scale is the unit of the later in the earlier's.</param>
/// <param name="Points">Points of the later keyframe, each with the landmark that it shows.</param>
internal sealed record PlaceMatch(int From, int To, Similarity Relative, IReadOnlyList<(int Index, int Landmark)> Points);
