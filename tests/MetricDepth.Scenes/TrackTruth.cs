using System.Globalization;
using System.Numerics;

namespace MetricDepth.Scenes;

/// <summary>How near followed points stay to the surface points that they started on.</summary>
/// <param name="Points">Points compared.</param>
/// <param name="MeanError">Mean distance to the truth over all frames after the first in which a point is followed and visible, px.</param>
/// <param name="MedianLastError">Median distance in the last frame, px.</param>
/// <param name="P95LastError">95th percentile of the distance in the last frame, px.</param>
/// <param name="Alive">Of the points visible in the last frame, the share followed there.</param>
/// <param name="Hidden">Of the sightings, the share that is of points which cannot be seen at the time.</param>
public sealed record TrackTruth(int Points, double MeanError, double MedianLastError, double P95LastError, double Alive, double Hidden)
{
    /// <summary>Compares.</summary>
    /// <param name="truth">The exact tracks.</param>
    /// <param name="found">Where a point (second) was followed to in a frame (first); null where it was not.</param>
    public static TrackTruth Compare(SceneTracks truth, Func<int, int, Vector2?> found)
    {
        double sum = 0;
        int sightings = 0, hidden = 0, visible = 0, alive = 0, last = truth.FrameCount - 1;
        var ends = new List<double>();
        for (int f = 1; f <= last; f++)
            for (int i = 0; i < truth.Count; i++)
            {
                var t = truth[f, i];
                if (f == last && t.Visible) visible++;
                if (found(f, i) is not { } p) continue;
                sightings++;
                if (!t.Visible)
                {
                    hidden++;
                    continue;
                }
                double error = Math.Sqrt((p.X - t.X) * (p.X - t.X) + (p.Y - t.Y) * (p.Y - t.Y));
                sum += error;
                if (f != last) continue;
                alive++;
                ends.Add(error);
            }
        ends.Sort();
        return new(truth.Count, sum / Math.Max(1, sightings - hidden), At(0.5), At(0.95), alive / Math.Max(1.0, visible), hidden / Math.Max(1.0, sightings));

        double At(double share) => ends.Count == 0 ? double.NaN : ends[(int)(share * (ends.Count - 1))];
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Points} points, mean error {MeanError:0.000} px, in the last frame median {MedianLastError:0.000} and 95th percentile {P95LastError:0.000} px, {Alive:P1} of those visible alive, {Hidden:P2} of sightings hidden");
}
