using System.Runtime.Intrinsics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.Loops;

/// <summary>How one keyframe stands in another's frame.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The second.</param>
/// <param name="Relative">Second to first; the scale is the second's unit in the first's.</param>
/// <param name="RotationDeviation">Radians.</param>
/// <param name="TranslationDeviation">In the first's unit.</param>
/// <param name="ScaleDeviation">Of the logarithm of the scale; 0: the unit does not drift.</param>
internal readonly record struct PoseGraphEdge(
    int From, int To, Similarity Relative, double RotationDeviation, double TranslationDeviation, double ScaleDeviation);

/// <summary>
/// Spreads the gaps of closed loops over the path: Gauss-Newton with damping on similarities (Strasdat et al., "Scale drift-aware large scale
/// monocular SLAM", RSS 2010). Only a start for bundle adjustment, which knows what each piece of the path can bear.
/// </summary>
internal static class PoseGraph
{
    private const int N = PoseBlock.Size;
    private const int Iterations = 30;

    /// <summary>Relaxes; the first node is held.</summary>
    /// <param name="nodes">Keyframe to world; the first guess, and the result.</param>
    /// <param name="edges">What is known between them.</param>
    /// <param name="freedom">How nodes may move.</param>
    /// <param name="cancellation">Stops between iterations.</param>
    public static void Relax(Similarity[] nodes, IReadOnlyList<PoseGraphEdge> edges, PoseFreedom freedom, CancellationToken cancellation)
    {
        if (nodes.Length < 2) return;
        var order = new EliminationOrder(nodes.Length - 1);
        bool hasScale = false;
        foreach (var e in edges)
        {
            if (e.From > 0 && e.To > 0) order.Link(e.From - 1, e.To - 1);
            hasScale |= e.ScaleDeviation > 0;
        }
        var system = new BlockCholesky(order.Run(-1, out int[] place));
        double turn = freedom == PoseFreedom.Fixed ? 0 : 1, move = freedom is PoseFreedom.Free or PoseFreedom.InPlane ? 1 : 0;
        var mask = new PoseVector(Vector256.Create(turn, turn, turn, move), Vector256.Create(move, freedom == PoseFreedom.Free ? 1.0 : 0, hasScale ? 1 : 0, 0));
        var rhs = new double[(nodes.Length - 1) * N];
        var next = new Similarity[nodes.Length];
        double cost = Cost(nodes, edges), lambda = 1e-6;
        for (int i = 0; i < Iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool improved = false;
            double before = cost;
            for (int attempt = 0; attempt < 5 && !improved; attempt++)
            {
                Build(nodes, edges, system, place, mask, rhs, lambda);
                if (system.Factor())
                {
                    system.Solve(rhs);
                    Apply(nodes, rhs, place, next);
                    double trial = Cost(next, edges);
                    if (trial < cost)
                    {
                        next.CopyTo(nodes, 0);
                        (cost, improved) = (trial, true);
                    }
                }
                lambda = improved ? Math.Max(lambda * 0.2, 1e-9) : Math.Max(lambda, 1e-5) * 10;
            }
            if (!improved || before - cost < 1e-6 * before) break;
        }
    }

    private static double Cost(Similarity[] nodes, IReadOnlyList<PoseGraphEdge> edges)
    {
        Span<double> residual = stackalloc double[7];
        double sum = 0;
        foreach (var e in edges)
        {
            Residual(nodes[e.From], nodes[e.To], e, residual);
            foreach (double r in residual) sum += r * r;
        }
        return sum;
    }

    private static void Residual(Similarity a, Similarity b, in PoseGraphEdge e, Span<double> residual)
    {
        var inverse = a.Rotation.Transposed;
        var turn = RotationLog.Of(inverse * b.Rotation * e.Relative.Rotation.Transposed) * (1 / e.RotationDeviation);
        var move = (inverse * (b.Translation - a.Translation) * (1 / a.Scale) - e.Relative.Translation) * (1 / e.TranslationDeviation);
        (residual[0], residual[1], residual[2], residual[3], residual[4], residual[5]) = (turn.X, turn.Y, turn.Z, move.X, move.Y, move.Z);
        residual[6] = e.ScaleDeviation > 0 ? (Math.Log(b.Scale / a.Scale) - Math.Log(e.Relative.Scale)) / e.ScaleDeviation : 0;
    }

    private static void Build(Similarity[] nodes, IReadOnlyList<PoseGraphEdge> edges, BlockCholesky system, int[] place, PoseVector mask, double[] rhs, double lambda)
    {
        for (int r = 0; r < system.Rows; r++) system.Row(r).Clear();
        Array.Clear(rhs);
        Span<double> residual = stackalloc double[7], column = stackalloc double[N];
        foreach (var e in edges)
        {
            Similarity a = nodes[e.From], b = nodes[e.To];
            Residual(a, b, e, residual);
            int slotA = e.From > 0 ? place[e.From - 1] : -1, slotB = e.To > 0 ? place[e.To - 1] : -1;
            var between = b.Translation - a.Translation;
            for (int i = 0; i < 7; i++)
            {
                Rows(a, between, e, i, out var ja, out var jb);
                (ja, jb) = (ja * mask, jb * mask);
                if (slotA >= 0) Add(system, rhs, slotA, ja, residual[i], column);
                if (slotB >= 0) Add(system, rhs, slotB, jb, residual[i], column);
                if (slotA < 0 || slotB < 0) continue;
                var (first, second) = slotA < slotB ? (ja, jb) : (jb, ja);
                int row = Math.Min(slotA, slotB), at = system.ColumnsOf(row).BinarySearch(Math.Max(slotA, slotB)) + 1;
                first.Store(ref column[0]);
                PoseBlock.AddOuter(ref system.Row(row)[at * PoseBlock.Length], ref column[0], second, 1);
            }
        }
        for (int r = 0; r < system.Rows; r++)
        {
            var diagonal = system.Row(r);
            for (int i = 0; i < N; i++) diagonal[i * N + i] = diagonal[i * N + i] == 0 ? 1 : diagonal[i * N + i] * (1 + lambda);
        }
    }

    private static void Rows(Similarity a, Vector3 between, in PoseGraphEdge e, int row, out PoseVector ja, out PoseVector jb)
    {
        if (row == 6)
        {
            double w = e.ScaleDeviation > 0 ? 1 / e.ScaleDeviation : 0;
            ja = new(default, Vector256.Create(0, 0, -w, 0));
            jb = new(default, Vector256.Create(0, 0, w, 0));
            return;
        }
        var r = a.Rotation;
        var axis = (row % 3) switch { 0 => new Vector3(r.M00, r.M10, r.M20), 1 => new(r.M01, r.M11, r.M21), _ => new(r.M02, r.M12, r.M22) };
        if (row < 3)
        {
            var w = axis * (1 / e.RotationDeviation);
            ja = new(Vector256.Create(-w.X, -w.Y, -w.Z, 0), default);
            jb = new(Vector256.Create(w.X, w.Y, w.Z, 0), default);
            return;
        }
        var m = axis * (1 / (e.TranslationDeviation * a.Scale));
        var turn = Vector3.Cross(m, between);
        ja = new(Vector256.Create(turn.X, turn.Y, turn.Z, -m.X), Vector256.Create(-m.Y, -m.Z, -Vector3.Dot(m, between), 0));
        jb = new(Vector256.Create(0, 0, 0, m.X), Vector256.Create(m.Y, m.Z, 0, 0));
    }

    private static void Add(BlockCholesky system, double[] rhs, int slot, PoseVector row, double residual, Span<double> column)
    {
        row.Store(ref column[0]);
        PoseBlock.AddOuter(ref system.Row(slot)[0], ref column[0], row, 1);
        PoseVector.Load(ref rhs[slot * N]).Add(row, -residual).Store(ref rhs[slot * N]);
    }

    private static void Apply(Similarity[] nodes, double[] step, int[] place, Similarity[] next)
    {
        next[0] = nodes[0];
        for (int i = 1; i < nodes.Length; i++)
        {
            var d = step.AsSpan(place[i - 1] * N, N);
            next[i] = new(Rotation.Exp(new(d[0], d[1], d[2])) * nodes[i].Rotation, nodes[i].Translation + new Vector3(d[3], d[4], d[5]),
                nodes[i].Scale * Math.Exp(Math.Clamp(d[6], -1, 1)));
        }
    }
}
