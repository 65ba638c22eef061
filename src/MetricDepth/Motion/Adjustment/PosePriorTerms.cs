using System.Runtime.Intrinsics;
using MetricDepth.Geometry;

namespace MetricDepth.Motion.Adjustment;

/// <summary>Residuals of pose priors and what they add to the normal equations. Rotations are small: the logarithm's derivative counts as 1.</summary>
internal static class PosePriorTerms
{
    private const int N = PoseBlock.Size;

    /// <summary>Residuals in standard deviations.</summary>
    public static void Residual(Pose pose, in AbsolutePrior prior, out Vector3 turn, out Vector3 move)
    {
        turn = RotationLog.Of(pose.Rotation * prior.Expected.Rotation.Transposed) * (1 / prior.RotationDeviation);
        move = (pose.Translation - prior.Expected.Translation) * (1 / prior.TranslationDeviation);
    }

    /// <summary>Residuals in standard deviations, in the first camera.</summary>
    public static void Residual(Pose from, Pose to, in RelativePrior prior, out Vector3 turn, out Vector3 move)
    {
        var inverse = from.Rotation.Transposed;
        turn = RotationLog.Of(inverse * to.Rotation * prior.Expected.Rotation.Transposed) * (1 / prior.RotationDeviation);
        move = (inverse * (to.Translation - from.Translation) - prior.Expected.Translation) * (1 / prior.TranslationDeviation);
    }

    /// <summary>Adds an absolute prior.</summary>
    public static void Add(Pose pose, in AbsolutePrior prior, double unit, PoseVector mask, Span<double> hessian, Span<double> gradient)
    {
        Residual(pose, prior, out var turn, out var move);
        double r = 1 / prior.RotationDeviation, t = 1 / prior.TranslationDeviation;
        Span<double> column = stackalloc double[N];
        for (int i = 0; i < 6; i++)
        {
            column.Clear();
            column[i] = i < 3 ? r : t;
            double residual = i switch { 0 => turn.X, 1 => turn.Y, 2 => turn.Z, 3 => move.X, 4 => move.Y, _ => move.Z };
            AddRow(PoseVector.Load(ref column[0]) * mask, residual, unit, hessian, gradient);
        }
    }

    /// <summary>Adds a relative prior.</summary>
    public static void Add(Pose from, Pose to, in RelativePrior prior, double unit, PoseVector maskFrom, PoseVector maskTo,
        Span<double> hessianFrom, Span<double> hessianTo, Span<double> coupling, Span<double> gradientFrom, Span<double> gradientTo)
    {
        Residual(from, to, prior, out var turn, out var move);
        var r = from.Rotation;
        Vector3[] axes = [new(r.M00, r.M10, r.M20), new(r.M01, r.M11, r.M21), new(r.M02, r.M12, r.M22)];
        var between = to.Translation - from.Translation;
        double byTurn = 1 / prior.RotationDeviation, byMove = 1 / prior.TranslationDeviation;
        coupling.Clear();
        Span<double> column = stackalloc double[N];
        for (int i = 0; i < 6; i++)
        {
            var axis = axes[i % 3];
            PoseVector a, b;
            if (i < 3)
            {
                a = Of(axis * -byTurn, default);
                b = Of(axis * byTurn, default);
            }
            else
            {
                // axis · (between × ω) = ω · (axis × between)
                a = Of(Vector3.Cross(axis, between) * byMove, axis * -byMove);
                b = Of(default, axis * byMove);
            }
            double residual = i switch { 0 => turn.X, 1 => turn.Y, 2 => turn.Z, 3 => move.X, 4 => move.Y, _ => move.Z };
            (a, b) = (a * maskFrom, b * maskTo);
            AddRow(a, residual, unit, hessianFrom, gradientFrom);
            AddRow(b, residual, unit, hessianTo, gradientTo);
            a.Store(ref column[0]);
            PoseBlock.AddOuter(ref coupling[0], ref column[0], b, unit);
        }
    }

    private static PoseVector Of(Vector3 turn, Vector3 move) =>
        new(Vector256.Create(turn.X, turn.Y, turn.Z, move.X), Vector256.Create(move.Y, move.Z, 0, 0));

    private static void AddRow(PoseVector row, double residual, double unit, Span<double> hessian, Span<double> gradient)
    {
        Span<double> column = stackalloc double[N];
        row.Store(ref column[0]);
        PoseBlock.AddOuter(ref hessian[0], ref column[0], row, unit);
        PoseVector.Load(ref gradient[0]).Add(row, -unit * residual).Store(ref gradient[0]);
    }
}
