using MetricDepth.Geometry;
using MetricDepth.Motion;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Chooses the views that a frame is matched against: from both sides in time, so that what one side hides the other sees, and
/// at several baselines: wide ones are precise, narrow ones unambiguous.
/// </summary>
internal static class NeighbourSelection
{
    private const int GridX = 7, GridY = 5;

    /// <summary>A view to match against.</summary>
    /// <param name="Index">Frame number.</param>
    /// <param name="Span">Pixels that the nearest depth moves against the farthest between the two views.</param>
    public readonly record struct Neighbour(int Index, double Span);

    /// <summary>Chooses among the frames at hand; empty when the camera stood still.</summary>
    /// <param name="frame">The frame to be matched.</param>
    /// <param name="earlier">Frames at hand from before it.</param>
    /// <param name="later">Frames at hand from after it.</param>
    /// <param name="motion">Poses and depths.</param>
    /// <param name="camera">The camera at the working size.</param>
    /// <param name="sharpness">Sharpness of a frame, any unit.</param>
    /// <param name="settings">How many, and how far apart.</param>
    public static List<Neighbour> Choose(
        int frame, ReadOnlySpan<int> earlier, ReadOnlySpan<int> later, CameraMotion motion, Intrinsics camera, Func<int, double> sharpness, MotionStereoSettings settings)
    {
        var before = Candidates(earlier);
        var after = Candidates(later);
        int half = settings.Neighbours / 2;
        // at the ends of the clip one side gives all
        int fromBefore = Math.Clamp(before.Count, Math.Min(half, before.Count), Math.Max(half, settings.Neighbours - after.Count));
        int fromAfter = Math.Min(after.Count, settings.Neighbours - fromBefore);
        var chosen = new List<Neighbour>();
        Pick(before, fromBefore);
        Pick(after, fromAfter);
        return chosen;

        List<(Neighbour View, double Overlap, double Sharpness)> Candidates(ReadOnlySpan<int> frames)
        {
            var list = new List<(Neighbour, double, double)>();
            foreach (int j in frames)
            {
                var (span, overlap) = Measure(motion.Poses[frame], motion.Poses[j], camera, motion.SceneDepths[frame]);
                if (overlap >= settings.MinimumOverlap && span >= settings.MinimumSpan)
                    list.Add((new(j, span), overlap, sharpness(j)));
            }
            return list;
        }

        void Pick(List<(Neighbour View, double Overlap, double Sharpness)> candidates, int count)
        {
            double sharpest = candidates.Count == 0 ? 1 : candidates.Max(c => c.Sharpness);
            for (int i = 0; i < count && candidates.Count > 0; i++)
            {
                double wanted = settings.ParallaxSpan * (1 - 0.7 * i / count);
                int best = 0;
                double least = double.PositiveInfinity;
                for (int c = 0; c < candidates.Count; c++)
                {
                    var (view, overlap, sharp) = candidates[c];
                    double penalty = Math.Abs(Math.Log(view.Span / wanted)) + 0.5 * (1 - overlap) + 0.5 * (1 - sharp / Math.Max(sharpest, 1e-9));
                    if (penalty < least) (least, best) = (penalty, c);
                }
                chosen.Add(candidates[best].View);
                candidates.RemoveAt(best);
            }
        }
    }

    /// <summary>
    /// How many views before and after must be at hand so that nearly every one finds the parallax that it wants; at most the
    /// settings' window.
    /// </summary>
    public static int Window(ViewSelection views, CameraMotion motion, Intrinsics camera, MotionStereoSettings settings)
    {
        const int narrowest = 6, most = 500;
        int needed = narrowest, count = views.Count, step = Math.Max(1, count / most);
        for (int i = 0; i < count; i += step)
        {
            // the farther side: both are wanted
            needed = Math.Max(needed, Math.Max(Towards(i, 1), Towards(i, -1)));
            if (needed >= settings.Window) return settings.Window;
        }
        return needed;

        int Towards(int i, int direction)
        {
            for (int k = 1; k <= settings.Window; k++)
            {
                int j = i + direction * k;
                if (j < 0 || j >= count) return k - 1;
                int from = views[i], to = views[j];
                var (span, overlap) = Measure(motion.Poses[from], motion.Poses[to], camera, motion.SceneDepths[from]);
                if (span >= settings.ParallaxSpan || overlap < settings.MinimumOverlap) return k;
            }
            return settings.Window;
        }
    }

    /// <summary>How many pixels the scene's near and far depth move apart between two views, and the share of the frame that both see.</summary>
    public static (double Span, double Overlap) Measure(Pose from, Pose to, Intrinsics camera, SceneDepth depth)
    {
        var warp = new PlaneWarp(from, to, camera);
        double span = 0;
        int seen = 0;
        for (int gy = 0; gy < GridY; gy++)
            for (int gx = 0; gx < GridX; gx++)
            {
                float x = (gx + 0.5f) * camera.Width / GridX, y = (gy + 0.5f) * camera.Height / GridY;
                var near = warp.Project(x, y, (float)(1 / depth.Near));
                var middle = warp.Project(x, y, (float)(1 / depth.Median));
                var far = warp.Project(x, y, (float)(1 / depth.Far));
                if (!(near.DepthRatio > 0 && far.DepthRatio > 0 && middle.DepthRatio > 0)) continue;
                if (middle.U < 0 || middle.V < 0 || middle.U > camera.Width - 1 || middle.V > camera.Height - 1) continue;
                seen++;
                span += Math.Sqrt((near.U - far.U) * (near.U - far.U) + (near.V - far.V) * (near.V - far.V));
            }
        return seen == 0 ? (0, 0) : (span / seen, seen / (double)(GridX * GridY));
    }
}
