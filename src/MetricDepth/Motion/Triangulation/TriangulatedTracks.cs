using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.Triangulation;

/// <summary>A point in space.</summary>
/// <param name="Position">In the axes of the path.</param>
/// <param name="Sightings">Listed sightings that agree with it.</param>
/// <param name="Error">Their mean reprojection error, px.</param>
internal readonly record struct TriangulatedPoint(Vector3 Position, int Sightings, double Error);

/// <summary>Tracks whose places in space are known, with their sightings, which stay in the file.</summary>
internal sealed class TriangulatedTracks(
    PointTracks tracks, IReadOnlyList<TriangulatedPoint> points, Dictionary<int, int> numbers, IReadOnlyList<Pose> poses, Intrinsics camera, double agreeingError)
{
    /// <summary>The points, by track number ascending.</summary>
    public IReadOnlyList<TriangulatedPoint> Points => points;

    /// <summary>Tracks that were looked at.</summary>
    public long TrackCount { get; init; }

    /// <summary>The sightings of each frame that has a pose.</summary>
    public IEnumerable<PointSightings> Read(CancellationToken cancellation)
    {
        foreach (var frame in tracks.Read(cancellation))
        {
            if (frame.Index >= poses.Count) yield break;
            yield return new(frame.Index, frame.Points, PointsOf(frame));
        }
    }

    private int[] PointsOf(TrackedFrame frame)
    {
        var pose = poses[(int)frame.Index].Inverse;
        var found = new int[frame.Ids.Length];
        for (int i = 0; i < found.Length; i++)
            found[i] = numbers.TryGetValue(frame.Ids[i], out int point)
                && TrackTriangulation.TryProject(pose.Rotation * (points[point].Position - poses[(int)frame.Index].Translation), camera, out var at, out _)
                && (at - frame.Points[i]).Length() <= agreeingError ? point : -1;
        return found;
    }
}

/// <summary>What a frame sees.</summary>
/// <param name="Frame">Its number.</param>
/// <param name="Positions">Where, px.</param>
/// <param name="Points">Which point of space each is; −1 for none that agrees.</param>
internal readonly record struct PointSightings(long Frame, Vector2[] Positions, int[] Points);
