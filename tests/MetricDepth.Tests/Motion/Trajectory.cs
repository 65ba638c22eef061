using MathNet.Numerics.LinearAlgebra;
using MetricDepth.Geometry;

namespace MetricDepth.Tests.Motion;

/// <summary>Compares a camera path with the true one after the best similarity (Umeyama, PAMI 1991).</summary>
/// <param name="Scale">Truth per unit of the path.</param>
/// <param name="Error">Root mean square distance between camera centres, in the truth's unit.</param>
/// <param name="WorstTurn">Largest error of a rotation relative to frame 0, degrees.</param>
internal sealed record Trajectory(double Scale, double Error, double WorstTurn)
{
    public static Trajectory Compare(IReadOnlyList<Pose> solved, IReadOnlyList<Pose> truth)
    {
        var a = Centred(solved);
        var b = Centred(truth);
        var svd = (b * a.Transpose()).Svd();
        var d = Matrix<double>.Build.DenseIdentity(3);
        if ((svd.U * svd.VT).Determinant() < 0) d[2, 2] = -1;
        double scale = svd.S[0] + svd.S[1] + svd.S[2] * d[2, 2];
        scale /= a.PointwisePower(2).RowSums().Sum();
        var difference = scale * svd.U * d * svd.VT * a - b;
        double worst = 0;
        for (int i = 0; i < solved.Count; i++)
        {
            var s = solved[0].Rotation.Transposed * solved[i].Rotation;
            var t = truth[0].Rotation.Transposed * truth[i].Rotation;
            worst = Math.Max(worst, (s.Transposed * t).Angle * 180 / Math.PI);
        }
        return new(scale, Math.Sqrt(difference.PointwisePower(2).RowSums().Sum() / solved.Count), worst);
    }

    /// <summary>Truth per unit of the path over some frames only: the size of the movement in one against the other.</summary>
    public static double LocalScale(IReadOnlyList<Pose> solved, IReadOnlyList<Pose> truth, int first, int count) =>
        Centred([.. truth.Skip(first).Take(count)]).FrobeniusNorm() / Centred([.. solved.Skip(first).Take(count)]).FrobeniusNorm();

    private static Matrix<double> Centred(IReadOnlyList<Pose> poses)
    {
        var m = Matrix<double>.Build.Dense(3, poses.Count);
        for (int i = 0; i < poses.Count; i++) m.SetColumn(i, [poses[i].Translation.X, poses[i].Translation.Y, poses[i].Translation.Z]);
        var mean = m.RowSums() / poses.Count;
        for (int i = 0; i < poses.Count; i++) m.SetColumn(i, m.Column(i) - mean);
        return m;
    }
}
