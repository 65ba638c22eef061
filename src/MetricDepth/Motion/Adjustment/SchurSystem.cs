using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MetricDepth.Geometry;

namespace MetricDepth.Motion.Adjustment;

/// <summary>
/// The normal equations of bundle adjustment with the points eliminated (Schur complement; Triggs et al., "Bundle adjustment: a modern
/// synthesis", 2000, section 6.1). Every number has one owner that computes it alone and in one order (a camera its block row, a
/// point its own block), so threads share the work without changing a bit of the result. Hot methods are compiled optimised at once: a whole
/// clip may be solved before the runtime would have got round to it.
/// </summary>
internal sealed class SchurSystem
{
    private const int N = PoseBlock.Size;
    private const int PointNumbers = 9;
    private const int WorthThreads = 4000;

    private readonly AdjustmentProblem _problem;
    private readonly int[] _slots;
    private readonly int _focalSlot = -1;
    private readonly PoseVector[] _masks;
    private readonly int[] _byPose, _byPoseStart, _slotPose, _entrySlots;
    private readonly BlockCholesky _system;
    private readonly double[] _rhs, _hessians, _gradients, _focalColumns, _step;
    private readonly double[] _w, _entryPoints, _entryFocals, _costs, _focalHessians, _focalGradients;
    private readonly double[] _pointHessians, _pointGradients, _pointInverses, _pointSteps;
    private readonly double[] _couplings;
    private readonly ParallelOptions _parallel;
    private readonly bool _isWorthThreads;
    private readonly int _rows;
    private AdjustmentState _at;
    private double _lambda;

    public SchurSystem(AdjustmentProblem problem, AdjustmentState state)
    {
        (_problem, _at) = (problem, state);
        _parallel = new() { MaxDegreeOfParallelism = problem.Threads };
        _isWorthThreads = problem.Threads != 1 && problem.Observations.Length >= WorthThreads;
        _rows = Array.TrueForAll(problem.Affinities, a => a == default) ? 6 : N;
        int poses = problem.Freedoms.Length, points = problem.Anchors.Length;
        var numbers = new int[poses];
        int free = 0;
        for (int p = 0; p < poses; p++) numbers[p] = problem.Freedoms[p] == PoseFreedom.Fixed && problem.Affinities[p] == default ? -1 : free++;
        int rows = free + (problem.IsFocalFree ? 1 : 0);
        var order = new EliminationOrder(rows);
        LinkAll(order, numbers, free);
        var columns = order.Run(problem.IsFocalFree ? free : -1, out int[] place);
        _system = new(columns);
        _slots = new int[poses];
        _slotPose = new int[rows];
        _masks = new PoseVector[poses];
        for (int p = 0; p < poses; p++)
        {
            _slots[p] = numbers[p] < 0 ? -1 : place[numbers[p]];
            _masks[p] = Mask(problem.Freedoms[p], problem.Affinities[p]);
            if (_slots[p] >= 0) _slotPose[_slots[p]] = p;
        }
        if (problem.IsFocalFree) (_focalSlot, _slotPose[rows - 1]) = (rows - 1, -1);

        int observations = problem.Observations.Length, entries = observations + (problem.IsFocalFree ? points : 0);
        _byPoseStart = new int[poses + 1];
        foreach (ref readonly var o in problem.Observations.AsSpan()) _byPoseStart[o.Pose + 1]++;
        for (int p = 0; p < poses; p++) _byPoseStart[p + 1] += _byPoseStart[p];
        _byPose = new int[observations];
        var next = _byPoseStart.AsSpan(0, poses).ToArray();
        _entrySlots = new int[entries];
        for (int o = 0; o < observations; o++)
        {
            int pose = problem.Observations[o].Pose;
            _byPose[next[pose]++] = o;
            _entrySlots[Entry(o)] = _slots[pose];
        }
        if (problem.IsFocalFree)
            for (int p = 0; p < points; p++) _entrySlots[FocalEntry(p)] = _focalSlot;

        _rhs = new double[rows * N];
        _step = new double[rows * N];
        _hessians = new double[poses * PoseBlock.Length];
        _gradients = new double[poses * N];
        _focalColumns = new double[problem.IsFocalFree ? (poses + 1) * N : 0];
        _w = new double[entries * PoseBlock.PointLength];
        _entryPoints = new double[observations * PointNumbers];
        _entryFocals = new double[problem.IsFocalFree ? observations * 3 : 0];
        _costs = new double[poses];
        _focalHessians = new double[poses];
        _focalGradients = new double[poses];
        _pointHessians = new double[points * 6];
        _pointGradients = new double[points * 3];
        _pointInverses = new double[points * 6];
        _pointSteps = new double[points * 3];
        _couplings = new double[problem.RelativePriors.Length * PoseBlock.Length];
    }

    /// <summary>Blocks of the reduced system that are stored.</summary>
    public int BlockCount => _system.BlockCount;

    /// <summary>Half the weighted sum of squared residuals, px².</summary>
    public double Cost(AdjustmentState state)
    {
        Each(_problem.Freedoms.Length, pose => _costs[pose] = CostOf(state, pose));
        double sum = 0;
        for (int p = 0; p < _problem.Freedoms.Length; p++) sum += _costs[p];
        double unit = _problem.PixelDeviation * _problem.PixelDeviation;
        foreach (ref readonly var prior in _problem.AbsolutePriors.AsSpan())
        {
            PosePriorTerms.Residual(state.Poses[prior.Pose], prior, out var turn, out var move);
            sum += 0.5 * unit * (Vector3.Dot(turn, turn) + Vector3.Dot(move, move));
        }
        foreach (ref readonly var prior in _problem.RelativePriors.AsSpan())
        {
            PosePriorTerms.Residual(state.Poses[prior.From], state.Poses[prior.To], prior, out var turn, out var move);
            sum += 0.5 * unit * (Vector3.Dot(turn, turn) + Vector3.Dot(move, move));
        }
        for (int p = 0; p < _problem.Affinities.Length; p++)
        {
            var (scale, shift) = _problem.Affinities[p];
            if (scale > 0) sum += 0.5 * unit * Square(Math.Log(state.Affinities[p].Scale) / scale);
            if (shift > 0) sum += 0.5 * unit * Square(state.Affinities[p].Shift / shift);
        }
        return sum;
    }

    /// <summary>Builds the normal equations at a state.</summary>
    public void Linearise(AdjustmentState state)
    {
        _at = state;
        Each(_problem.Freedoms.Length, LinearisePose);
        Each(_problem.Anchors.Length, GatherPoint);
        AddPriors();
    }

    /// <summary>Solves for a step with damping and applies it.</summary>
    /// <param name="lambda">Share of its own diagonal that is added to the system (Marquardt).</param>
    /// <param name="next">The state to write; false leaves it undefined.</param>
    public bool TryStep(double lambda, AdjustmentState next)
    {
        Reduce(lambda);
        if (!_system.Factor()) return false;
        _rhs.CopyTo(_step, 0);
        _system.Solve(_step);
        Each(_problem.Anchors.Length, StepPoint);
        next.CopyFrom(_at);
        for (int p = 0; p < _slots.Length; p++)
        {
            if (_slots[p] < 0) continue;
            var d = _step.AsSpan(_slots[p] * N, N);
            var pose = _at.Poses[p];
            next.Poses[p] = new(Rotation.Exp(new(d[0], d[1], d[2])) * pose.Rotation, pose.Translation + new Vector3(d[3], d[4], d[5]));
            var affinity = _at.Affinities[p];
            next.Affinities[p] = new(affinity.Scale * Math.Exp(Math.Clamp(d[6], -1, 1)), affinity.Shift + d[7]);
        }
        if (_focalSlot >= 0) next.Camera = _at.Camera.Scaled(Math.Exp(Math.Clamp(_step[_focalSlot * N], -0.2, 0.2)));
        for (int p = 0; p < next.Points.Length; p++)
        {
            var s = _at.Points[p];
            next.Points[p] = new(s.X + _pointSteps[p * 3], s.Y + _pointSteps[p * 3 + 1], s.Rho + _pointSteps[p * 3 + 2]);
        }
        return true;
    }

    /// <summary>Prepares <see cref="PoseVariance"/>; false where the system does not fix all that is free.</summary>
    /// <param name="lambda">A little damping stands in for what cannot be observed, as the scale of a scene.</param>
    public bool Invert(double lambda)
    {
        Reduce(lambda);
        return _system.Factor();
    }

    /// <summary>The variance of the logarithm of the focal length for residuals of 1 px.</summary>
    public double FocalVariance()
    {
        Array.Clear(_step);
        _step[_focalSlot * N] = 1;
        _system.Solve(_step);
        return _step[_focalSlot * N];
    }

    /// <summary>The 6×6 covariance of a pose for residuals of <see cref="AdjustmentProblem.PixelDeviation"/>; zeros where it is held.</summary>
    public double[] PoseVariance(int pose)
    {
        var matrix = new double[36];
        int slot = _slots[pose];
        if (slot < 0) return matrix;
        Span<double> mask = stackalloc double[N];
        _masks[pose].Store(ref mask[0]);
        double unit = _problem.PixelDeviation * _problem.PixelDeviation;
        for (int i = 0; i < 6; i++)
        {
            if (mask[i] == 0) continue;
            Array.Clear(_step);
            _step[slot * N + i] = 1;
            _system.Solve(_step);
            for (int j = 0; j < 6; j++) matrix[i * 6 + j] = unit * mask[j] * _step[slot * N + j];
        }
        return matrix;
    }

    private static double Square(double x) => x * x;

    private static PoseVector Mask(PoseFreedom freedom, AffinityPrior affinity)
    {
        double turn = freedom == PoseFreedom.Fixed ? 0 : 1, move = freedom is PoseFreedom.Free or PoseFreedom.InPlane ? 1 : 0;
        return new(Vector256.Create(turn, turn, turn, move),
            Vector256.Create(move, freedom == PoseFreedom.Free ? 1.0 : 0, affinity.ScaleDeviation > 0 ? 1.0 : 0, affinity.ShiftDeviation > 0 ? 1.0 : 0));
    }

    private int Entry(int observation) => _focalSlot < 0 ? observation : observation + _problem.Observations[observation].Point;

    private int FirstEntry(int point) => _problem.First[point] + (_focalSlot < 0 ? 0 : point);

    private int EndEntry(int point) => _problem.First[point + 1] + (_focalSlot < 0 ? 0 : point + 1);

    private int FocalEntry(int point) => _problem.First[point + 1] + point;

    private void Each(int count, Action<int> body)
    {
        if (_isWorthThreads) Parallel.For(0, count, _parallel, body);
        else
            for (int i = 0; i < count; i++) body(i);
    }

    private void LinkAll(EliminationOrder order, int[] numbers, int free)
    {
        if (_problem.IsFocalFree)
            for (int i = 0; i < free; i++) order.Link(i, free);
        for (int p = 0; p < _problem.Anchors.Length; p++)
        {
            var seen = _problem.Observations.AsSpan(_problem.First[p].._problem.First[p + 1]);
            for (int i = 0; i < seen.Length; i++)
            {
                int a = numbers[seen[i].Pose];
                if (a < 0) continue;
                for (int j = i + 1; j < seen.Length; j++)
                    if (numbers[seen[j].Pose] is >= 0 and int b) order.Link(a, b);
            }
        }
        foreach (ref readonly var prior in _problem.RelativePriors.AsSpan())
            if (numbers[prior.From] >= 0 && numbers[prior.To] >= 0) order.Link(numbers[prior.From], numbers[prior.To]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double CostOf(AdjustmentState state, int pose)
    {
        var (rotation, centre) = state.Poses[pose];
        var inverse = rotation.Transposed;
        var affinity = state.Affinities[pose];
        double cost = 0;
        for (int i = _byPoseStart[pose]; i < _byPoseStart[pose + 1]; i++)
        {
            ref readonly var o = ref _problem.Observations[_byPose[i]];
            ref readonly var anchor = ref _problem.Anchors[o.Point];
            var (x, y, rho) = state.Points[o.Point];
            var seen = inverse * (anchor.Axes * new Vector3(x, y, 1) + (anchor.Origin - centre) * rho);
            if (!state.Camera.Project(seen, out double u, out double v))
            {
                cost += _problem.BehindCost;
                continue;
            }
            cost += _problem.PixelLoss.Cost(o.Precision * o.Precision * (Square(u - o.Pixel.X) + Square(v - o.Pixel.Y)), _problem.PixelWidth, out _);
            if (!o.Depth.IsKnown) continue;
            double misses = (affinity.ToMeasured(rho / seen.Z) - o.Depth.Value) * (_problem.PixelDeviation / o.Depth.Deviation);
            cost += RobustLoss.Cauchy.Cost(misses * misses, _problem.DepthWidth, out _);
        }
        return cost;
    }

    // the camera's own block, what couples it with each of its points, and what each observation says of its point
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LinearisePose(int pose)
    {
        var (rotation, centre) = _at.Poses[pose];
        var camera = _at.Camera;
        var inverse = rotation.Transposed;
        var affinity = _at.Affinities[pose];
        Vector3 right = new(rotation.M00, rotation.M10, rotation.M20), down = new(rotation.M01, rotation.M11, rotation.M21), forward = new(rotation.M02, rotation.M12, rotation.M22);
        var mask = _masks[pose];
        bool isFree = _slots[pose] >= 0, hasFocal = _focalSlot >= 0;
        var hessian = _hessians.AsSpan(pose * PoseBlock.Length, PoseBlock.Length);
        hessian.Clear();
        Span<double> column = stackalloc double[N];
        PoseVector gradient = default, focalColumn = default;
        double focalHessian = 0, focalGradient = 0;
        for (int i = _byPoseStart[pose]; i < _byPoseStart[pose + 1]; i++)
        {
            int index = _byPose[i], entry = Entry(index);
            ref readonly var o = ref _problem.Observations[index];
            ref readonly var anchor = ref _problem.Anchors[o.Point];
            var (px, py, rho) = _at.Points[o.Point];
            var axes = anchor.Axes;
            var offset = anchor.Origin - centre;
            var world = axes * new Vector3(px, py, 1) + offset * rho;
            var seen = inverse * world;
            var w = _w.AsSpan(entry * PoseBlock.PointLength, PoseBlock.PointLength);
            var mine = _entryPoints.AsSpan(index * PointNumbers, PointNumbers);
            if (!camera.Project(seen, out double u, out double v))
            {
                w.Clear();
                mine.Clear();
                if (hasFocal) _entryFocals.AsSpan(index * 3, 3).Clear();
                continue;
            }
            double ru = o.Precision * (u - o.Pixel.X), rv = o.Precision * (v - o.Pixel.Y);
            _problem.PixelLoss.Cost(ru * ru + rv * rv, _problem.PixelWidth, out double weight);
            double iz = 1 / seen.Z;
            // how the pixel moves when the point moves in the world
            var au = (right - forward * (seen.X * iz)) * (o.Precision * camera.Fx * iz);
            var av = (down - forward * (seen.Y * iz)) * (o.Precision * camera.Fy * iz);
            Vector3 e1 = new(axes.M00, axes.M10, axes.M20), e2 = new(axes.M01, axes.M11, axes.M21);
            Vector3 pu = new(Vector3.Dot(au, e1), Vector3.Dot(au, e2), Vector3.Dot(au, offset));
            Vector3 pv = new(Vector3.Dot(av, e1), Vector3.Dot(av, e2), Vector3.Dot(av, offset));
            PoseVector ju = ToPose(Vector3.Cross(au, world), au * -rho, 0, 0) * mask, jv = ToPose(Vector3.Cross(av, world), av * -rho, 0, 0) * mask;
            Vector3 wu = pu * weight, wv = pv * weight;
            PoseVector w0 = (ju * wu.X).Add(jv, wv.X), w1 = (ju * wu.Y).Add(jv, wv.Y), w2 = (ju * wu.Z).Add(jv, wv.Z);
            mine[0] = wu.X * pu.X + wv.X * pv.X;
            mine[1] = wu.X * pu.Y + wv.X * pv.Y;
            mine[2] = wu.X * pu.Z + wv.X * pv.Z;
            mine[3] = wu.Y * pu.Y + wv.Y * pv.Y;
            mine[4] = wu.Y * pu.Z + wv.Y * pv.Z;
            mine[5] = wu.Z * pu.Z + wv.Z * pv.Z;
            mine[6] = -(wu.X * ru + wv.X * rv);
            mine[7] = -(wu.Y * ru + wv.Y * rv);
            mine[8] = -(wu.Z * ru + wv.Z * rv);
            if (isFree)
            {
                ju.Store(ref column[0]);
                PoseBlock.AddOuter(ref hessian[0], ref column[0], ju, weight, _rows);
                jv.Store(ref column[0]);
                PoseBlock.AddOuter(ref hessian[0], ref column[0], jv, weight, _rows);
                gradient = gradient.Add(ju, -weight * ru).Add(jv, -weight * rv);
            }
            if (hasFocal)
            {
                // by the logarithm of the focal length
                double fu = o.Precision * (u - camera.Cx), fv = o.Precision * (v - camera.Cy);
                focalHessian += weight * (fu * fu + fv * fv);
                focalGradient -= weight * (fu * ru + fv * rv);
                focalColumn = focalColumn.Add(ju, weight * fu).Add(jv, weight * fv);
                var f = _entryFocals.AsSpan(index * 3, 3);
                (f[0], f[1], f[2]) = (wu.X * fu + wv.X * fv, wu.Y * fu + wv.Y * fv, wu.Z * fu + wv.Z * fv);
            }
            if (o.Depth.IsKnown)
            {
                double unit = _problem.PixelDeviation / o.Depth.Deviation, depth = rho * iz;
                double rd = (affinity.ToMeasured(depth) - o.Depth.Value) * unit;
                RobustLoss.Cauchy.Cost(rd * rd, _problem.DepthWidth, out double wd);
                var ad = forward * (-depth * iz * affinity.Scale * unit);
                Vector3 pd = new(Vector3.Dot(ad, e1), Vector3.Dot(ad, e2), Vector3.Dot(ad, offset) + iz * affinity.Scale * unit);
                var jd = ToPose(Vector3.Cross(ad, world), ad * -rho, affinity.Scale * depth * unit, unit) * mask;
                w0 = w0.Add(jd, wd * pd.X);
                w1 = w1.Add(jd, wd * pd.Y);
                w2 = w2.Add(jd, wd * pd.Z);
                mine[0] += wd * pd.X * pd.X;
                mine[1] += wd * pd.X * pd.Y;
                mine[2] += wd * pd.X * pd.Z;
                mine[3] += wd * pd.Y * pd.Y;
                mine[4] += wd * pd.Y * pd.Z;
                mine[5] += wd * pd.Z * pd.Z;
                mine[6] -= wd * pd.X * rd;
                mine[7] -= wd * pd.Y * rd;
                mine[8] -= wd * pd.Z * rd;
                if (isFree)
                {
                    jd.Store(ref column[0]);
                    PoseBlock.AddOuter(ref hessian[0], ref column[0], jd, wd);
                    gradient = gradient.Add(jd, -wd * rd);
                }
            }
            w0.Store(ref w[0]);
            w1.Store(ref w[N]);
            w2.Store(ref w[2 * N]);
        }
        gradient.Store(ref _gradients[pose * N]);
        if (!hasFocal) return;
        focalColumn.Store(ref _focalColumns[pose * N]);
        (_focalHessians[pose], _focalGradients[pose]) = (focalHessian, focalGradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PoseVector ToPose(Vector3 turn, Vector3 move, double scale, double shift) =>
        new(Vector256.Create(turn.X, turn.Y, turn.Z, move.X), Vector256.Create(move.Y, move.Z, scale, shift));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherPoint(int point)
    {
        Span<double> sum = stackalloc double[PointNumbers];
        sum.Clear();
        double f0 = 0, f1 = 0, f2 = 0;
        for (int o = _problem.First[point]; o < _problem.First[point + 1]; o++)
        {
            var mine = _entryPoints.AsSpan(o * PointNumbers, PointNumbers);
            for (int i = 0; i < PointNumbers; i++) sum[i] += mine[i];
            if (_focalSlot < 0) continue;
            var f = _entryFocals.AsSpan(o * 3, 3);
            f0 += f[0];
            f1 += f[1];
            f2 += f[2];
        }
        sum[..6].CopyTo(_pointHessians.AsSpan(point * 6));
        sum[6..].CopyTo(_pointGradients.AsSpan(point * 3));
        if (_focalSlot < 0) return;
        var w = _w.AsSpan(FocalEntry(point) * PoseBlock.PointLength, PoseBlock.PointLength);
        (w[0], w[N], w[2 * N]) = (f0, f1, f2);
    }

    private void AddPriors()
    {
        double unit = _problem.PixelDeviation * _problem.PixelDeviation;
        for (int p = 0; p < _slots.Length; p++)
        {
            var (scale, shift) = _problem.Affinities[p];
            var h = _hessians.AsSpan(p * PoseBlock.Length, PoseBlock.Length);
            if (scale > 0)
            {
                h[6 * N + 6] += unit / (scale * scale);
                _gradients[p * N + 6] -= unit * Math.Log(_at.Affinities[p].Scale) / (scale * scale);
            }
            if (shift > 0)
            {
                h[7 * N + 7] += unit / (shift * shift);
                _gradients[p * N + 7] -= unit * _at.Affinities[p].Shift / (shift * shift);
            }
        }
        foreach (ref readonly var prior in _problem.AbsolutePriors.AsSpan())
            PosePriorTerms.Add(_at.Poses[prior.Pose], prior, unit, _masks[prior.Pose], _hessians.AsSpan(prior.Pose * PoseBlock.Length, PoseBlock.Length), _gradients.AsSpan(prior.Pose * N, N));
        for (int i = 0; i < _problem.RelativePriors.Length; i++)
        {
            ref readonly var prior = ref _problem.RelativePriors[i];
            int a = prior.From, b = prior.To;
            PosePriorTerms.Add(_at.Poses[a], _at.Poses[b], prior, unit, _masks[a], _masks[b],
                _hessians.AsSpan(a * PoseBlock.Length, PoseBlock.Length), _hessians.AsSpan(b * PoseBlock.Length, PoseBlock.Length),
                _couplings.AsSpan(i * PoseBlock.Length, PoseBlock.Length), _gradients.AsSpan(a * N, N), _gradients.AsSpan(b * N, N));
        }
    }

    private void Reduce(double lambda)
    {
        _lambda = lambda;
        Each(_problem.Anchors.Length, InvertPoint);
        if (!_isWorthThreads)
        {
            var place = new int[_system.Rows];
            for (int r = 0; r < _system.Rows; r++) ReduceRow(r, place);
        }
        else
        {
            Parallel.For(0, _system.Rows, _parallel, () => new int[_system.Rows], (row, _, place) =>
            {
                ReduceRow(row, place);
                return place;
            }, _ => { });
        }
        for (int i = 0; i < _problem.RelativePriors.Length; i++)
        {
            int a = _slots[_problem.RelativePriors[i].From], b = _slots[_problem.RelativePriors[i].To];
            if (a < 0 || b < 0 || a == b) continue;
            var coupling = _couplings.AsSpan(i * PoseBlock.Length, PoseBlock.Length);
            var block = BlockOf(Math.Min(a, b), Math.Max(a, b));
            for (int r = 0; r < N; r++)
                for (int c = 0; c < N; c++) block[r * N + c] += a < b ? coupling[r * N + c] : coupling[c * N + r];
        }
    }

    private Span<double> BlockOf(int row, int column) =>
        _system.Row(row).Slice((_system.ColumnsOf(row).BinarySearch(column) + 1) * PoseBlock.Length, PoseBlock.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InvertPoint(int point)
    {
        var h = _pointHessians.AsSpan(point * 6, 6);
        double damp = 1 + _lambda, a = h[0] * damp, b = h[1], c = h[2], d = h[3] * damp, e = h[4], f = h[5] * damp;
        var inverse = _pointInverses.AsSpan(point * 6, 6);
        // L D Lᵀ, the inverse depth last: without parallax it alone is unknown, and stays where it is
        double d1 = a > 0 ? d - b * b / a : 0;
        if (!(a > 1e-12) || !(d1 > 1e-12))
        {
            inverse.Clear();
            return;
        }
        double l1 = b / a, l2 = c / a, l3 = (e - l1 * c) / d1, d2 = f - l2 * c - l3 * l3 * d1;
        double i0 = 1 / a, i1 = 1 / d1, i2 = d2 > 1e-12 && d2 > 1e-12 * f ? 1 / d2 : 0;
        // rows of L⁻¹: (1, 0, 0), (-l1, 1, 0), (m, -l3, 1)
        double m = l1 * l3 - l2;
        inverse[0] = i0 + l1 * l1 * i1 + m * m * i2;
        inverse[1] = -l1 * i1 - m * l3 * i2;
        inverse[2] = m * i2;
        inverse[3] = i1 + l3 * l3 * i2;
        inverse[4] = -l3 * i2;
        inverse[5] = i2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReduceRow(int row, int[] place)
    {
        var blocks = _system.Row(row);
        blocks.Clear();
        var columns = _system.ColumnsOf(row);
        place[row] = 0;
        for (int i = 0; i < columns.Length; i++) place[columns[i]] = (i + 1) * PoseBlock.Length;
        var rhs = _rhs.AsSpan(row * N, N);
        int pose = _slotPose[row];
        if (pose < 0)
        {
            FillFocalRow(blocks, rhs);
            for (int p = 0; p < _problem.Anchors.Length; p++) Eliminate(row, FocalEntry(p), p, blocks, rhs, place);
        }
        else
        {
            FillPoseRow(pose, blocks, rhs);
            if (_focalSlot >= 0)
            {
                var block = blocks.Slice(place[_focalSlot], PoseBlock.Length);
                for (int r = 0; r < N; r++) block[r * N] = _focalColumns[pose * N + r];
            }
            for (int i = _byPoseStart[pose]; i < _byPoseStart[pose + 1]; i++)
            {
                int o = _byPose[i];
                Eliminate(row, Entry(o), _problem.Observations[o].Point, blocks, rhs, place);
            }
        }
    }

    private void FillPoseRow(int pose, Span<double> blocks, Span<double> rhs)
    {
        _hessians.AsSpan(pose * PoseBlock.Length, PoseBlock.Length).CopyTo(blocks);
        _gradients.AsSpan(pose * N, N).CopyTo(rhs);
        Span<double> mask = stackalloc double[N];
        _masks[pose].Store(ref mask[0]);
        for (int i = 0; i < N; i++) blocks[i * N + i] = mask[i] == 0 ? 1 : blocks[i * N + i] * (1 + _lambda) + 1e-12;
    }

    private void FillFocalRow(Span<double> blocks, Span<double> rhs)
    {
        double hessian = 0, gradient = 0;
        for (int p = 0; p < _slots.Length; p++)
        {
            hessian += _focalHessians[p];
            gradient += _focalGradients[p];
        }
        for (int i = 1; i < N; i++) blocks[i * N + i] = 1;
        blocks[0] = hessian * (1 + _lambda) + 1e-12;
        rhs.Clear();
        rhs[0] = gradient;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Eliminate(int row, int entry, int point, Span<double> blocks, Span<double> rhs, int[] place)
    {
        Span<double> y = stackalloc double[PoseBlock.PointLength];
        var v = _pointInverses.AsSpan(point * 6, 6);
        if (v[0] == 0) return;
        ref double w = ref _w[entry * PoseBlock.PointLength];
        PoseVector w0 = PoseVector.Load(ref w), w1 = PoseVector.Load(ref Unsafe.Add(ref w, N)), w2 = PoseVector.Load(ref Unsafe.Add(ref w, 2 * N));
        PoseVector y0 = (w0 * v[0]).Add(w1, v[1]).Add(w2, v[2]), y1 = (w0 * v[1]).Add(w1, v[3]).Add(w2, v[4]), y2 = (w0 * v[2]).Add(w1, v[4]).Add(w2, v[5]);
        y0.Store(ref y[0]);
        y1.Store(ref y[N]);
        y2.Store(ref y[2 * N]);
        var g = _pointGradients.AsSpan(point * 3, 3);
        PoseVector.Load(ref rhs[0]).Add(y0, -g[0]).Add(y1, -g[1]).Add(y2, -g[2]).Store(ref rhs[0]);
        for (int e = FirstEntry(point); e < EndEntry(point); e++)
            if (_entrySlots[e] >= row) PoseBlock.SubtractPointProduct(ref blocks[place[_entrySlots[e]]], ref y[0], ref _w[e * PoseBlock.PointLength], _rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepPoint(int point)
    {
        var g = _pointGradients.AsSpan(point * 3, 3);
        double g0 = g[0], g1 = g[1], g2 = g[2];
        for (int e = FirstEntry(point); e < EndEntry(point); e++)
        {
            if (_entrySlots[e] < 0) continue;
            var w = _w.AsSpan(e * PoseBlock.PointLength, PoseBlock.PointLength);
            var d = _step.AsSpan(_entrySlots[e] * N, N);
            for (int i = 0; i < N; i++)
            {
                g0 -= w[i] * d[i];
                g1 -= w[N + i] * d[i];
                g2 -= w[2 * N + i] * d[i];
            }
        }
        var v = _pointInverses.AsSpan(point * 6, 6);
        var step = _pointSteps.AsSpan(point * 3, 3);
        step[0] = v[0] * g0 + v[1] * g1 + v[2] * g2;
        step[1] = v[1] * g0 + v[3] * g1 + v[4] * g2;
        step[2] = v[2] * g0 + v[4] * g1 + v[5] * g2;
    }
}
