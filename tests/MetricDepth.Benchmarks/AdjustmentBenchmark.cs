using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Double.Solvers;
using MathNet.Numerics.LinearAlgebra.Solvers;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Benchmarks;

/// <summary>
/// What bundle adjustment costs, and its linear systems solved by MathNet.Numerics and by ours: dense Cholesky, sparse iterative, and the
/// block-sparse Cholesky. The systems have six unknowns a camera and couple each camera with the next few, and the last with the first.
/// </summary>
internal static class AdjustmentBenchmark
{
    private const int Reach = 12, Unknowns = 6, Rounds = 7;

    public static int Run()
    {
        foreach (int cameras in (ReadOnlySpan<int>)[2, 10, 50, 200]) Systems(cameras);
        foreach (var (cameras, points) in (ReadOnlySpan<(int, int)>)[(12, 400), (50, 1600), (200, 6400)]) Adjust(cameras, points);
        return 0;
    }

    private static void Systems(int cameras)
    {
        int n = cameras * Unknowns;
        var random = new Random(3);
        var a = new double[n * n];
        var right = Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5).ToArray();
        var linked = new bool[cameras, cameras];
        for (int i = 0; i < cameras; i++)
            for (int j = 0; j <= i; j++)
            {
                linked[i, j] = i - j <= Reach || (j < 2 && i >= cameras - 2);
                if (!linked[i, j]) continue;
                for (int r = 0; r < Unknowns; r++)
                    for (int c = 0; c < Unknowns; c++)
                    {
                        int y = i * Unknowns + r, x = j * Unknowns + c;
                        if (x <= y) a[y * n + x] = a[x * n + y] = x == y ? 4 * Unknowns * Reach : random.NextDouble() - 0.5;
                    }
            }
        var dense = DenseMatrix.OfColumnMajor(n, n, a);
        var b = DenseVector.OfArray(right);
        var expected = dense.Cholesky().Solve(b).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cameras} cameras, {n} unknowns"));
        Print("MathNet dense Cholesky", Time(() => dense.Cholesky().Solve(b).ToArray(), expected));
        Print("ours, dense Cholesky", Time(() =>
        {
            double[] m = [.. a], x = [.. right];
            return NormalEquations.Solve(m, x) ? x : [];
        }, expected));
        if (cameras > 2)
        {
            var sparse = SparseMatrix.OfMatrix(dense);
            Print("MathNet BiCGStab, ILU(0)", Time(() =>
            {
                var stop = new Iterator<double>(new IterationCountStopCriterion<double>(1000), new ResidualStopCriterion<double>(1e-10));
                return sparse.SolveIterative(b, new BiCgStab(), stop, new ILU0Preconditioner()).ToArray();
            }, expected));
        }
        Print("ours, block-sparse Cholesky", Time(() => SolveBlocks(cameras, n, a, right, linked), expected));
    }

    // everything that an adjustment does once for each system but the elimination order, which it needs once only
    private static double[] SolveBlocks(int cameras, int n, double[] a, double[] right, bool[,] linked)
    {
        var order = new EliminationOrder(cameras);
        for (int i = 0; i < cameras; i++)
            for (int j = 0; j < i; j++)
                if (linked[i, j]) order.Link(i, j);
        var system = new BlockCholesky(order.Run(-1, out int[] place));
        var x = new double[cameras * PoseBlock.Size];
        for (int i = 0; i < cameras; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (!linked[i, j]) continue;
                var (row, column, from, to) = place[i] <= place[j] ? (place[i], place[j], i, j) : (place[j], place[i], j, i);
                int at = row == column ? 0 : system.ColumnsOf(row).BinarySearch(column) + 1;
                var block = system.Row(row).Slice(at * PoseBlock.Length, PoseBlock.Length);
                for (int r = 0; r < Unknowns; r++) a.AsSpan((from * Unknowns + r) * n + to * Unknowns, Unknowns).CopyTo(block[(r * PoseBlock.Size)..]);
                if (row == column)
                    for (int r = Unknowns; r < PoseBlock.Size; r++) block[r * PoseBlock.Size + r] = 1;
            }
            right.AsSpan(i * Unknowns, Unknowns).CopyTo(x.AsSpan(place[i] * PoseBlock.Size));
        }
        if (!system.Factor()) return [];
        system.Solve(x);
        return [.. Enumerable.Range(0, n).Select(i => x[place[i / Unknowns] * PoseBlock.Size + i % Unknowns])];
    }

    private static double Time(Func<double[]> solve, double[] expected)
    {
        var times = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var x = solve();
            times.Add(clock.Elapsed.TotalMilliseconds);
            if (x.Length != expected.Length || x.Zip(expected).Max(p => Math.Abs(p.First - p.Second)) > 1e-6) throw new InvalidOperationException("Wrong solution.");
        }
        return times.Min();
    }

    private static void Print(string what, double milliseconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-28} {milliseconds,9:0.000} ms"));

    private static void Adjust(int cameras, int points)
    {
        double best = double.PositiveInfinity, iterations = 0;
        int observations = 0, blocks = 0;
        double processor = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var problem = Walk(cameras, points);
            var clock = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            problem.Solve(5);
            best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
            // the first rounds compile
            if (round >= 2) processor += (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / ((Rounds - 2) * problem.Iterations);
            (iterations, observations, blocks) = (problem.Iterations, problem.ObservationCount, problem.SystemBlocks);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"adjusting {cameras} cameras, {points} points, {observations} observations, {blocks} blocks: {best:0.0} ms, {best / iterations:0.00} ms an iteration, of processor time {processor:0.00} ms"));
    }

    private static BundleAdjustment Walk(int cameras, int points)
    {
        var random = new Random(5);
        var camera = new Camera(525, 525, 319.5, 239.5);
        var problem = new BundleAdjustment(camera) { PixelDeviation = 0.5, Tolerance = 0 };
        var poses = Enumerable.Range(0, cameras).Select(i => new Pose(Rotation.Exp(new(0.02 * Math.Sin(i), 0.05 * Math.Sin(0.3 * i), 0)), new(0.25 * i, 0, 0))).ToArray();
        foreach (var p in poses)
            problem.AddPose(p with { Translation = p.Translation + new Vector3(0.02 * random.NextDouble(), 0.02 * random.NextDouble(), 0) }, problem.PoseCount == 0);
        for (int i = 0; i < points; i++)
        {
            var x = new Vector3(-2 + (0.25 * cameras + 4) * random.NextDouble(), -1.5 + 3 * random.NextDouble(), 3 + 2 * random.NextDouble());
            bool started = false;
            for (int k = 0; k < cameras; k++)
            {
                var seen = poses[k].Inverse * x;
                if (!camera.Project(seen, out double u, out double v) || u < 0 || v < 0 || u > 639 || v > 479) continue;
                var pixel = new Vector2((float)(u + random.NextDouble() - 0.5), (float)(v + random.NextDouble() - 0.5));
                var depth = MeasuredInverseDepth.FromDepth(seen.Z * (1 + 0.02 * (random.NextDouble() - 0.5)), 0.02);
                if (started) problem.AddObservation(k, pixel, depth);
                else problem.AddPoint(k, pixel, 1 / seen.Z, depth);
                started = true;
            }
        }
        return problem;
    }
}
