using System.Numerics;
using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>
/// Bundle adjustment over camera poses and inverse depths, and the focal length if wanted: Levenberg-Marquardt with the Schur
/// complement (Triggs et al., "Bundle adjustment: a modern synthesis", 2000). A point is a viewing ray of the frame that first
/// saw it and an inverse depth ρ along it (Civera et al., "Inverse depth parametrization", 2008), so points without
/// parallax stay well behaved: they tend to ρ = 0 instead of infinity. Runs on one thread; its sums have one order.
/// </summary>
internal sealed class BundleAdjustment
{
    private const int PoseSize = 6;
    private readonly List<Pose> _poses = [];
    private readonly List<int> _slots = [];
    private readonly List<(int Host, Vector2 Pixel, int First)> _points = [];
    private readonly List<double> _rho = [];
    private readonly List<(int Pose, Vector2 Pixel)> _observations = [];
    private double[] _a = [], _b = [], _system = [], _step = [];
    private double[] _w = [], _pointHessian = [], _pointGradient = [];
    private int[] _wSlots = [], _wStart = [];
    private int _free;
    private readonly bool _focalFree;

    /// <summary>Starts a problem.</summary>
    /// <param name="camera">The camera; its focal lengths are a first guess where <paramref name="freeFocal"/>.</param>
    /// <param name="freeFocal">Whether one factor on both focal lengths is solved for.</param>
    public BundleAdjustment(Camera camera, bool freeFocal = false)
    {
        Camera = camera;
        _focalFree = freeFocal;
    }

    /// <summary>Residuals beyond this count linearly (Huber), px.</summary>
    public double HuberWidth { get; init; } = 1.0;

    /// <summary>The camera, with the solved focal lengths.</summary>
    public Camera Camera { get; private set; }

    /// <summary>The robust cost: half the sum of squares of residuals in px, linear beyond the Huber width.</summary>
    public double Cost { get; private set; }

    /// <summary>Observations in the problem.</summary>
    public int ObservationCount => _observations.Count;

    /// <summary>Points in the problem.</summary>
    public int PointCount => _points.Count;

    /// <summary>Relative standard deviation of the focal length from the normal equations, for 1 px noise; infinite when not solved for.</summary>
    public double FocalDeviation { get; private set; } = double.PositiveInfinity;

    public int AddPose(Pose pose, bool isFixed)
    {
        _poses.Add(pose);
        _slots.Add(isFixed ? -1 : _free++);
        return _poses.Count - 1;
    }

    /// <summary>Starts a point; its observations follow.</summary>
    public int AddPoint(int host, Vector2 pixel, double rho)
    {
        _points.Add((host, pixel, _observations.Count));
        _rho.Add(rho);
        return _points.Count - 1;
    }

    /// <summary>Adds an observation of the last point in a frame other than its host.</summary>
    public void AddObservation(int pose, Vector2 pixel) => _observations.Add((pose, pixel));

    public Pose PoseOf(int pose) => _poses[pose];

    public double RhoOf(int point) => _rho[point];

    /// <summary>Runs until the cost stands still.</summary>
    public void Solve(int maxIterations)
    {
        int size = _free * PoseSize + (_focalFree ? 1 : 0);
        _a = new double[size * size];
        _b = new double[size];
        _system = new double[size * size];
        _step = new double[size];
        _pointHessian = new double[_points.Count];
        _pointGradient = new double[_points.Count];
        _wStart = new int[_points.Count + 1];
        int rows = _observations.Count + _points.Count * 2;
        _w = new double[rows * PoseSize];
        _wSlots = new int[rows];

        Cost = Evaluate(_poses, _rho, Camera);
        double lambda = 1e-4;
        for (int i = 0; i < maxIterations; i++)
        {
            Linearise(size);
            bool improved = false;
            double before = Cost;
            for (int attempt = 0; attempt < 6 && !improved; attempt++)
            {
                if (TryStep(size, lambda, out var poses, out var rho, out var camera))
                {
                    double cost = Evaluate(poses, rho, camera);
                    if (cost < Cost)
                    {
                        for (int p = 0; p < poses.Count; p++) _poses[p] = poses[p];
                        for (int p = 0; p < rho.Count; p++) _rho[p] = rho[p];
                        Camera = camera;
                        Cost = cost;
                        improved = true;
                    }
                }
                lambda = improved ? Math.Max(lambda * 0.2, 1e-9) : lambda * 8;
            }
            if (!improved || before - Cost < 1e-5 * before) break;
        }
        if (_focalFree) FocalDeviation = MeasureFocalDeviation(size);
    }

    private double Evaluate(List<Pose> poses, List<double> rho, Camera camera)
    {
        double cost = 0;
        for (int p = 0; p < _points.Count; p++)
        {
            var (host, pixel, first) = _points[p];
            var hostPose = poses[host];
            var ray = hostPose.Rotation * camera.Ray(pixel);
            for (int o = first; o < End(p); o++)
            {
                var (target, seen) = _observations[o];
                var pose = poses[target];
                var y = pose.Rotation.Transposed * (ray + (hostPose.Translation - pose.Translation) * rho[p]);
                if (!camera.Project(y, out double u, out double v))
                {
                    cost += BehindCost;
                    continue;
                }
                double e = Math.Sqrt((u - seen.X) * (u - seen.X) + (v - seen.Y) * (v - seen.Y));
                cost += e <= HuberWidth ? 0.5 * e * e : HuberWidth * (e - 0.5 * HuberWidth);
            }
        }
        return cost;
    }

    // a point behind a camera costs as much as a miss by a tenth of a thousand pixels: it never pays to push one there
    private double BehindCost => HuberWidth * 100;

    private int End(int point) => point + 1 < _points.Count ? _points[point + 1].First : _observations.Count;

    private void Linearise(int size)
    {
        Array.Clear(_a);
        Array.Clear(_b);
        int rows = 0, focal = size - 1;
        Span<double> jh = stackalloc double[12], jt = stackalloc double[12], wh = stackalloc double[PoseSize];
        for (int p = 0; p < _points.Count; p++)
        {
            _wStart[p] = rows;
            var (host, pixel, first) = _points[p];
            var hostPose = _poses[host];
            var hostRay = Camera.Ray(pixel);
            var ray = hostPose.Rotation * hostRay;
            var rayByFocal = hostPose.Rotation * new Vector3(-hostRay.X, -hostRay.Y, 0);
            double rho = _rho[p], hessian = 0, gradient = 0, wFocal = 0;
            int hostSlot = _slots[host];
            wh.Clear();
            for (int o = first; o < End(p); o++)
            {
                var (target, seen) = _observations[o];
                var pose = _poses[target];
                var inverse = pose.Rotation.Transposed;
                var baseline = hostPose.Translation - pose.Translation;
                var world = ray + baseline * rho;
                var y = inverse * world;
                if (!Camera.Project(y, out double u, out double v)) continue;
                double ru = u - seen.X, rv = v - seen.Y, e = Math.Sqrt(ru * ru + rv * rv);
                double weight = e <= HuberWidth ? 1 : HuberWidth / e;

                // rows of dπ/dy · R_tᵀ: how the pixel moves when the point moves in the world frame
                double iz = 1 / y.Z;
                var au = (new Vector3(inverse.M00, inverse.M01, inverse.M02) - new Vector3(inverse.M20, inverse.M21, inverse.M22) * (y.X * iz)) * (Camera.Fx * iz);
                var av = (new Vector3(inverse.M10, inverse.M11, inverse.M12) - new Vector3(inverse.M20, inverse.M21, inverse.M22) * (y.Y * iz)) * (Camera.Fy * iz);
                double ju = Vector3.Dot(au, baseline), jv = Vector3.Dot(av, baseline);
                hessian += weight * (ju * ju + jv * jv);
                gradient += weight * (ju * ru + jv * rv);

                int targetSlot = _slots[target];
                if (targetSlot >= 0)
                {
                    Fill(jt, Vector3.Cross(au, world), au * -rho, Vector3.Cross(av, world), av * -rho);
                    AddBlock(targetSlot, targetSlot, jt, jt, weight, size);
                    AddGradient(targetSlot * PoseSize, jt, ru, rv, weight);
                    var w = _w.AsSpan(rows * PoseSize, PoseSize);
                    for (int i = 0; i < PoseSize; i++) w[i] = weight * (jt[i] * ju + jt[i + 6] * jv);
                    _wSlots[rows++] = targetSlot;
                }
                if (hostSlot >= 0)
                {
                    Fill(jh, -Vector3.Cross(au, ray), au * rho, -Vector3.Cross(av, ray), av * rho);
                    AddBlock(hostSlot, hostSlot, jh, jh, weight, size);
                    AddGradient(hostSlot * PoseSize, jh, ru, rv, weight);
                    for (int i = 0; i < PoseSize; i++) wh[i] += weight * (jh[i] * ju + jh[i + 6] * jv);
                    if (targetSlot >= 0)
                    {
                        if (targetSlot > hostSlot) AddBlock(targetSlot, hostSlot, jt, jh, weight, size);
                        else AddBlock(hostSlot, targetSlot, jh, jt, weight, size);
                    }
                }
                if (!_focalFree) continue;
                // by the logarithm of the focal length
                double fu = u - Camera.Cx + Vector3.Dot(au, rayByFocal), fv = v - Camera.Cy + Vector3.Dot(av, rayByFocal);
                _a[focal * size + focal] += weight * (fu * fu + fv * fv);
                _b[focal] -= weight * (fu * ru + fv * rv);
                wFocal += weight * (fu * ju + fv * jv);
                if (targetSlot >= 0)
                    for (int i = 0; i < PoseSize; i++) _a[focal * size + targetSlot * PoseSize + i] += weight * (jt[i] * fu + jt[i + 6] * fv);
                if (hostSlot >= 0)
                    for (int i = 0; i < PoseSize; i++) _a[focal * size + hostSlot * PoseSize + i] += weight * (jh[i] * fu + jh[i + 6] * fv);
            }
            if (hostSlot >= 0)
            {
                wh.CopyTo(_w.AsSpan(rows * PoseSize, PoseSize));
                _wSlots[rows++] = hostSlot;
            }
            if (_focalFree)
            {
                _w[rows * PoseSize] = wFocal;
                _wSlots[rows++] = FocalSlot;
            }
            _pointHessian[p] = hessian;
            _pointGradient[p] = -gradient;
        }
        _wStart[_points.Count] = rows;
    }

    private const int FocalSlot = int.MaxValue;

    private static void Fill(Span<double> j, Vector3 wu, Vector3 tu, Vector3 wv, Vector3 tv)
    {
        (j[0], j[1], j[2], j[3], j[4], j[5]) = (wu.X, wu.Y, wu.Z, tu.X, tu.Y, tu.Z);
        (j[6], j[7], j[8], j[9], j[10], j[11]) = (wv.X, wv.Y, wv.Z, tv.X, tv.Y, tv.Z);
    }

    private void AddBlock(int row, int column, ReadOnlySpan<double> j, ReadOnlySpan<double> k, double weight, int size)
    {
        for (int i = 0; i < PoseSize; i++)
        {
            var target = _a.AsSpan((row * PoseSize + i) * size + column * PoseSize, PoseSize);
            double a = weight * j[i], b = weight * j[i + 6];
            for (int c = 0; c < PoseSize; c++) target[c] += a * k[c] + b * k[c + 6];
        }
    }

    private void AddGradient(int at, ReadOnlySpan<double> j, double ru, double rv, double weight)
    {
        for (int i = 0; i < PoseSize; i++) _b[at + i] -= weight * (j[i] * ru + j[i + 6] * rv);
    }

    private void Reduce(int size, double lambda)
    {
        _a.CopyTo(_system, 0);
        _b.CopyTo(_step, 0);
        for (int i = 0; i < size; i++) _system[i * size + i] += lambda * _a[i * size + i] + 1e-12;
        for (int p = 0; p < _points.Count; p++)
        {
            double h = _pointHessian[p] * (1 + lambda);
            if (h < 1e-12) continue;
            double inverse = 1 / h, g = _pointGradient[p] * inverse;
            for (int i = _wStart[p]; i < _wStart[p + 1]; i++)
            {
                Block(_wSlots[i], size, out int ri, out int ni);
                var wi = _w.AsSpan(i * PoseSize, ni);
                for (int r = 0; r < ni; r++) _step[ri + r] -= wi[r] * g;
                for (int j = _wStart[p]; j < _wStart[p + 1]; j++)
                {
                    Block(_wSlots[j], size, out int rj, out int nj);
                    if (rj > ri) continue;
                    var wj = _w.AsSpan(j * PoseSize, nj);
                    for (int r = 0; r < ni; r++)
                    {
                        double a = wi[r] * inverse;
                        var row = _system.AsSpan((ri + r) * size + rj, nj);
                        for (int c = 0; c < nj; c++) row[c] -= a * wj[c];
                    }
                }
            }
        }
    }

    private static void Block(int slot, int size, out int start, out int count)
    {
        (start, count) = slot == FocalSlot ? (size - 1, 1) : (slot * PoseSize, PoseSize);
    }

    private bool TryStep(int size, double lambda, out List<Pose> poses, out List<double> rho, out Camera camera)
    {
        (poses, rho, camera) = (_poses, _rho, Camera);
        Reduce(size, lambda);
        if (size > 0 && !NormalEquations.Solve(_system, _step)) return false;
        poses = new(_poses);
        rho = new(_rho);
        for (int p = 0; p < poses.Count; p++)
        {
            if (_slots[p] < 0) continue;
            var d = _step.AsSpan(_slots[p] * PoseSize, PoseSize);
            poses[p] = new(Rotation.Exp(new(d[0], d[1], d[2])) * poses[p].Rotation, poses[p].Translation + new Vector3(d[3], d[4], d[5]));
        }
        if (_focalFree) camera = camera.Scaled(Math.Exp(Math.Clamp(_step[size - 1], -0.2, 0.2)));
        for (int p = 0; p < _points.Count; p++)
        {
            double h = _pointHessian[p] * (1 + lambda);
            if (h < 1e-12) continue;
            double g = _pointGradient[p];
            for (int i = _wStart[p]; i < _wStart[p + 1]; i++)
            {
                Block(_wSlots[i], size, out int start, out int count);
                for (int r = 0; r < count; r++) g -= _w[i * PoseSize + r] * _step[start + r];
            }
            rho[p] += g / h;
        }
        return true;
    }

    private double MeasureFocalDeviation(int size)
    {
        Linearise(size);
        // the scale of the scene is not observable: a little damping stands in for it
        Reduce(size, 1e-7);
        Array.Clear(_step);
        _step[size - 1] = 1;
        return NormalEquations.Solve(_system, _step) && _step[size - 1] > 0 ? Math.Sqrt(_step[size - 1]) : double.PositiveInfinity;
    }
}
