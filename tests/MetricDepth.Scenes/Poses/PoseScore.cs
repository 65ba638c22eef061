using System.Diagnostics;
using System.Globalization;
using MetricDepth.Motion;

namespace MetricDepth.Scenes.Poses;

/// <summary>What a solver made of a filmed scene, held against the truth.</summary>
/// <param name="Solution">The solver's.</param>
/// <param name="Path">The whole path: aligned rigidly where the depth is metres, else up to a similarity, because a scale that wavers has no true mean.</param>
/// <param name="Closing">How far the last frame is from where it truly is relative to the first, metres of truth: what drift would open.</param>
/// <param name="Milliseconds">Time a frame.</param>
internal sealed record PoseScore(PoseSolution Solution, Trajectory Path, double Closing, double Milliseconds)
{
    /// <summary>Absolute trajectory error as a share of the length of the path; of little meaning where the camera only turns.</summary>
    public double Share => Path.Error / Path.Length;

    /// <summary>Share of the frames' known points that agree with their poses.</summary>
    public double Inliers => (double)Solution.Frames.Sum(f => (long)f.Inliers) / Math.Max(1, Solution.Frames.Sum(f => (long)f.Points));

    /// <summary>Largest distance of a solved camera from frame 0's, unit of the path.</summary>
    public double Reach => Solution.Poses.Max(p => p.Translation.Length);

    /// <summary>How far the worst rotation matrix is from orthonormal: the largest element of RᵀR − 1.</summary>
    public double Warp => Solution.Poses.Max(p =>
    {
        var q = p.Rotation.Transposed * p.Rotation;
        double[] off = [q.M00 - 1, q.M11 - 1, q.M22 - 1, q.M01, q.M02, q.M12];
        return off.Max(Math.Abs);
    });

    public static PoseScore Of(IPoseSolver solver, FilmedScene film, SceneProblem problem, CancellationToken cancellation, IProgress<FrameProgress>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        var solution = solver.Solve(problem, progress, cancellation);
        double milliseconds = clock.Elapsed.TotalMilliseconds / film.Truth.Count;
        // a camera that stays where it is has no scale
        bool turnsOnly = film.Truth.All(p => p.Translation.Length < 1e-9) || solution.Poses.All(p => p.Translation.Length < 1e-9);
        var path = problem.Depth == DepthTrust.Measured || turnsOnly ? Trajectory.CompareMetric(solution.Poses, film.Truth) : Trajectory.Compare(solution.Poses, film.Truth);
        var last = solution.Poses[0].Inverse * solution.Poses[^1];
        return new(solution, path, (last.Translation * path.Scale - film.Truth[^1].Translation).Length, milliseconds);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"ATE {100 * Share,6:0.00} % = {1000 * Path.Error,5:0} mm of {Path.Length,4:0.0} m, rotation {Path.RotationError,5:0.00}° (worst {Path.WorstTurn,5:0.00}°, warp {Warp:0.0E0}), end {1000 * Closing,4:0} mm off, scale {Path.Scale:0.000}, reach {Reach:0.000}, inliers {100 * Inliers,3:0} %, {Solution.ReprojectionError:0.00} px, loops {Solution.LoopsClosed}, not solved {Solution.Frames.Count(f => f.State != Geometry.PoseState.Solved)}, {Milliseconds:0.0} ms");
}
