using System.Numerics;

namespace MetricDepth.Motion;

/// <summary>What the pose solvers see of one frame.</summary>
/// <param name="Index">0-based frame number.</param>
/// <param name="Ids">Track numbers, ascending; masked points are left out.</param>
/// <param name="Points">Positions, px at the clip's size, pixel centres at integers; same order.</param>
/// <param name="Depths">Depth of each point along the optical axis, metres; 0 where it is not known; empty when there is no depth at all.</param>
internal sealed record SightedFrame(long Index, int[] Ids, Vector2[] Points, float[] Depths)
{
    /// <summary>Whether nothing is seen.</summary>
    public bool IsEmpty => Ids.Length == 0;

    /// <summary>The place of a track in this frame, or a negative number.</summary>
    public int IndexOf(int id) => Array.BinarySearch(Ids, id);
}
