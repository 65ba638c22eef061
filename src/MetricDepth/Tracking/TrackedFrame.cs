using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>Where the tracked points are in one frame.</summary>
/// <param name="Index">0-based frame number.</param>
/// <param name="IsKeyframe">Whether new points start in this frame; a point's first frame is always one of these.</param>
/// <param name="Ids">Track numbers, ascending; never used twice.</param>
/// <param name="Points">Positions at the working size, px, pixel centres at integers; same order.</param>
internal sealed record TrackedFrame(long Index, bool IsKeyframe, int[] Ids, Vector2[] Points)
{
    /// <summary>Whether the frame could not be followed (blur, a flash, black); it then holds no points.</summary>
    public bool IsLost => Ids.Length == 0;

    /// <summary>The place of a track in this frame, or a negative number.</summary>
    public int IndexOf(int id) => Array.BinarySearch(Ids, id);
}
