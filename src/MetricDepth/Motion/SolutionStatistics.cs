using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>Figures of merit of a solution, gathered as it is made: sums and one histogram, whatever the clip's length.</summary>
internal sealed class SolutionStatistics
{
    private const double BinsPerDegree = 50;
    private readonly long[] _parallax = new long[(int)(180 * BinsPerDegree) + 1];
    private long _tracks, _sightings, _inliers;
    private double _squared;

    /// <summary>Counts one sighting of a point.</summary>
    /// <param name="squaredResidual">px².</param>
    /// <param name="isPointGood">Whether the point as a whole fits.</param>
    public void AddSighting(double squaredResidual, bool isPointGood)
    {
        _sightings++;
        if (!isPointGood || !(squaredResidual <= StructureMap.InlierDistance * StructureMap.InlierDistance)) return;
        _inliers++;
        _squared += squaredResidual;
    }

    /// <summary>Counts a point when it is done with: the angle between its first and last viewing rays.</summary>
    public void AddTrack(Camera camera, Landmark landmark)
    {
        if (landmark.LastSeen == landmark.Host || !StructureMap.TrySee(landmark.LastSeen, landmark, out var pixel)) return;
        var a = (landmark.Host.Pose.Rotation * camera.Ray(landmark.Pixel)).Normalized;
        var b = (landmark.LastSeen.Pose.Rotation * camera.Ray(pixel)).Normalized;
        double angle = Math.Atan2(Vector3.Cross(a, b).Length, Vector3.Dot(a, b)) * (180 / Math.PI);
        _parallax[(int)Math.Clamp(angle * BinsPerDegree, 0, _parallax.Length - 1)]++;
        _tracks++;
    }

    /// <summary>Median angle between the first and last view of a track, degrees.</summary>
    public double Parallax
    {
        get
        {
            long half = _tracks / 2, seen = 0;
            for (int i = 0; i < _parallax.Length; i++)
                if ((seen += _parallax[i]) > half) return (i + 0.5) / BinsPerDegree;
            return 0;
        }
    }

    /// <summary>Share of sightings that agree with the solution, 0..1.</summary>
    public double InlierShare => _sightings == 0 ? 0 : (double)_inliers / _sightings;

    /// <summary>Root mean square residual of inliers, px.</summary>
    public double ReprojectionError => _inliers == 0 ? 0 : Math.Sqrt(_squared / _inliers);
}
