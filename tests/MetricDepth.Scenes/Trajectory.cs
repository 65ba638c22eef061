using MathNet.Numerics.LinearAlgebra;
using MetricDepth.Geometry;

namespace MetricDepth.Scenes;

/// <summary>A camera path held against the true one.</summary>
/// <param name="Scale">Truth per unit of the path; 1 where only a rigid motion was allowed.</param>
/// <param name="Error">Absolute trajectory error: root mean square distance between camera centres after the best alignment (Umeyama, PAMI 1991), metres.</param>
/// <param name="RotationError">Root mean square error of the rotations relative to frame 0, degrees.</param>
/// <param name="WorstTurn">Largest error of a rotation relative to frame 0, degrees.</param>
/// <param name="Length">Length of the true path, metres.</param>
public sealed record Trajectory(double Scale, double Error, double RotationError, double WorstTurn, double Length)
{
    /// <summary>Compares up to a similarity.</summary>
    public static Trajectory Compare(IReadOnlyList<Pose> solved, IReadOnlyList<Pose> truth) => Compare(solved, truth, isScaleFree: true);

    /// <summary>Compares up to a rigid motion: metres have to be metres.</summary>
    public static Trajectory CompareMetric(IReadOnlyList<Pose> solved, IReadOnlyList<Pose> truth) => Compare(solved, truth, isScaleFree: false);

    /// <summary>Truth per unit of the path over some frames only: the size of the movement in one against the other.</summary>
    public static double LocalScale(IReadOnlyList<Pose> solved, IReadOnlyList<Pose> truth, int first, int count) =>
        Centred([.. truth.Skip(first).Take(count)]).FrobeniusNorm() / Centred([.. solved.Skip(first).Take(count)]).FrobeniusNorm();

    private static Trajectory Compare(IReadOnlyList<Pose> solved, IReadOnlyList<Pose> truth, bool isScaleFree)
    {
        if (solved.Count != truth.Count) throw new ArgumentException($"The path has {solved.Count} poses, the true one {truth.Count}.", nameof(solved));
        var a = Centred(solved);
        var b = Centred(truth);
        var svd = (b * a.Transpose()).Svd();
        var d = Matrix<double>.Build.DenseIdentity(3);
        if ((svd.U * svd.VT).Determinant() < 0) d[2, 2] = -1;
        double scale = isScaleFree ? (svd.S[0] + svd.S[1] + svd.S[2] * d[2, 2]) / a.PointwisePower(2).RowSums().Sum() : 1;
        var difference = scale * svd.U * d * svd.VT * a - b;
        double worst = 0, squares = 0, length = 0;
        for (int i = 0; i < solved.Count; i++)
        {
            var s = solved[0].Rotation.Transposed * solved[i].Rotation;
            var t = truth[0].Rotation.Transposed * truth[i].Rotation;
            double turn = (s.Transposed * t).Angle * 180 / Math.PI;
            worst = Math.Max(worst, turn);
            squares += turn * turn;
            if (i > 0) length += (truth[i].Translation - truth[i - 1].Translation).Length;
        }
        return new(scale, Math.Sqrt(difference.PointwisePower(2).RowSums().Sum() / solved.Count), Math.Sqrt(squares / solved.Count), worst, length);
    }

    private static Matrix<double> Centred(IReadOnlyList<Pose> poses)
    {
        var m = Matrix<double>.Build.Dense(3, poses.Count);
        for (int i = 0; i < poses.Count; i++) m.SetColumn(i, [poses[i].Translation.X, poses[i].Translation.Y, poses[i].Translation.Z]);
        var mean = m.RowSums() / poses.Count;
        for (int i = 0; i < poses.Count; i++) m.SetColumn(i, m.Column(i) - mean);
        return m;
    }
}
