using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion;

/// <summary>
/// Bundle adjustment over camera poses, points, the frames' depth scales and shifts, and the focal length if wanted:
/// Levenberg-Marquardt with the Schur complement (Triggs et al., "Bundle adjustment: a modern synthesis", 2000) on a block-sparse system
/// of cameras. A point is a direction and an inverse depth ρ from where its host stood (Civera et al., "Inverse depth
/// parametrization", 2008), so points without parallax stay well behaved: they tend to ρ = 0 instead of infinity.
/// Results do not depend on the number of threads.
/// </summary>
internal sealed class BundleAdjustment
{
    private readonly List<Pose> _poses = [];
    private readonly List<PoseFreedom> _freedoms = [];
    private readonly List<DepthAffinity> _affinities = [];
    private readonly List<AffinityPrior> _affinityPriors = [];
    private readonly List<AbsolutePrior> _absolutePriors = [];
    private readonly List<RelativePrior> _relativePriors = [];
    private readonly List<int> _hosts = [], _first = [];
    private readonly List<PointAnchor> _anchors = [];
    private readonly List<PointState> _points = [];
    private readonly List<Observation> _observations = [];
    private readonly bool _focalFree;
    private SchurSystem? _system;
    private AdjustmentState? _solved;

    /// <summary>Starts a problem.</summary>
    /// <param name="camera">The camera; its focal lengths are a first guess where <paramref name="freeFocal"/>.</param>
    /// <param name="freeFocal">Whether one factor on both focal lengths is solved for.</param>
    public BundleAdjustment(Camera camera, bool freeFocal = false)
    {
        Camera = camera;
        _focalFree = freeFocal;
    }

    /// <summary>Pixel residuals beyond this are no noise any more, px.</summary>
    public double HuberWidth { get; init; } = 1.0;

    /// <summary>How pixel residuals beyond <see cref="HuberWidth"/> count.</summary>
    public RobustLoss PixelLoss { get; init; }

    /// <summary>Standard deviation of a pixel coordinate, px: what a standard deviation of a depth or a prior weighs against, and the unit of covariances.</summary>
    public double PixelDeviation { get; init; } = 1.0;

    /// <summary>Depth residuals beyond this many standard deviations hardly count (Cauchy): a measured depth may belong to the surface behind.</summary>
    public double DepthWidth { get; init; } = 2.0;

    /// <summary>Stops when an iteration gains less than this share of the cost.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>The most threads to use; -1: as many as there are. The result is the same.</summary>
    public int Threads { get; init; } = -1;

    /// <summary>The camera, with the solved focal lengths.</summary>
    public Camera Camera { get; private set; }

    /// <summary>The robust cost: half the sum of squares of residuals in px, less beyond the widths.</summary>
    public double Cost { get; private set; }

    /// <summary>Iterations of the last solution.</summary>
    public int Iterations { get; private set; }

    /// <summary>Observations in the problem, a point's in its host included.</summary>
    public int ObservationCount => _observations.Count;

    /// <summary>Poses in the problem.</summary>
    public int PoseCount => _poses.Count;

    /// <summary>Points in the problem.</summary>
    public int PointCount => _anchors.Count;

    /// <summary>Blocks of 8×8 that the reduced camera system stores.</summary>
    public int SystemBlocks => _system?.BlockCount ?? 0;

    /// <summary>Relative standard deviation of the focal length from the normal equations, for 1 px noise; infinite when not solved for.</summary>
    public double FocalDeviation { get; private set; } = double.PositiveInfinity;

    /// <summary>Adds a pose.</summary>
    public int AddPose(Pose pose, bool isFixed) => AddPose(pose, isFixed ? PoseFreedom.Fixed : PoseFreedom.Free);

    /// <summary>Adds a pose.</summary>
    public int AddPose(Pose pose, PoseFreedom freedom)
    {
        _poses.Add(pose);
        _freedoms.Add(freedom);
        _affinities.Add(DepthAffinity.Identity);
        _affinityPriors.Add(default);
        return _poses.Count - 1;
    }

    /// <summary>Solves for the scale and shift of a pose's measured inverse depths as well, even if the pose itself is held.</summary>
    /// <param name="pose">Number of the pose.</param>
    /// <param name="start">First guess.</param>
    /// <param name="scaleDeviation">Standard deviation of the logarithm of the scale, about 1; 0 holds the scale.</param>
    /// <param name="shiftDeviation">Standard deviation of the shift, about 0, 1/m; 0 holds the shift.</param>
    public void FreeAffinity(int pose, DepthAffinity start, double scaleDeviation, double shiftDeviation)
    {
        _affinities[pose] = start;
        _affinityPriors[pose] = new(scaleDeviation, shiftDeviation);
    }

    /// <summary>States a pose's scale and shift, which are then held.</summary>
    public void HoldAffinity(int pose, DepthAffinity affinity)
    {
        _affinities[pose] = affinity;
        _affinityPriors[pose] = default;
    }

    /// <summary>Adds what is known of a pose.</summary>
    public void AddPrior(AbsolutePrior prior) => _absolutePriors.Add(prior);

    /// <summary>Adds what is known of one pose in another.</summary>
    public void AddPrior(RelativePrior prior) => _relativePriors.Add(prior);

    /// <summary>Starts a point with what its host sees of it; its other observations follow.</summary>
    /// <param name="host">The pose whose ray it starts from.</param>
    /// <param name="pixel">Where the host sees it, px: an observation like any other.</param>
    /// <param name="rho">First guess of its inverse depth in the host.</param>
    /// <param name="depth">The inverse depth measured in the host.</param>
    public int AddPoint(int host, Vector2 pixel, double rho, MeasuredInverseDepth depth = default)
    {
        var ray = Camera.Ray(pixel);
        _hosts.Add(host);
        _first.Add(_observations.Count);
        _anchors.Add(new(_poses[host].Translation, _poses[host].Rotation));
        _points.Add(new(ray.X, ray.Y, rho));
        AddObservation(host, pixel, depth);
        return _anchors.Count - 1;
    }

    /// <summary>Adds an observation of the last point in a frame other than its host.</summary>
    /// <param name="pose">Number of the frame's pose.</param>
    /// <param name="pixel">Where it sees the point, px.</param>
    /// <param name="depth">The inverse depth measured there.</param>
    /// <param name="precision">How many times better the pixel is than an ordinary one.</param>
    public void AddObservation(int pose, Vector2 pixel, MeasuredInverseDepth depth = default, double precision = 1) =>
        _observations.Add(new(pose, _anchors.Count - 1, pixel, depth, precision));

    /// <summary>A pose, camera to world.</summary>
    public Pose PoseOf(int pose) => _poses[pose];

    /// <summary>The scale and shift of a pose's measured inverse depths.</summary>
    public DepthAffinity AffinityOf(int pose) => _affinities[pose];

    /// <summary>A point's inverse depth (of z) in its host.</summary>
    public double RhoOf(int point) => _points[point].Rho / InHost(point).Z;

    /// <summary>Where the host would see the point without noise, px.</summary>
    public Vector2 PixelOf(int point)
    {
        Camera.Project(InHost(point), out double u, out double v);
        return new((float)u, (float)v);
    }

    /// <summary>Runs until the cost stands still.</summary>
    public void Solve(int maxIterations, CancellationToken cancellation = default)
    {
        var state = new AdjustmentState(Camera, [.. _poses], [.. _affinities], [.. _points]);
        var next = state.Clone();
        _system = new SchurSystem(Describe(), state);
        Cost = _system.Cost(state);
        double lambda = 1e-4;
        for (Iterations = 0; Iterations < maxIterations;)
        {
            cancellation.ThrowIfCancellationRequested();
            Iterations++;
            _system.Linearise(state);
            bool improved = false;
            double before = Cost;
            for (int attempt = 0; attempt < 6 && !improved; attempt++)
            {
                if (_system.TryStep(lambda, next) && _system.Cost(next) is double cost && cost < Cost)
                {
                    (state, next) = (next, state);
                    Cost = cost;
                    improved = true;
                }
                lambda = improved ? Math.Max(lambda * 0.2, 1e-9) : lambda * 8;
            }
            if (!improved || before - Cost < Tolerance * before) break;
        }
        Take(state);
        if (_focalFree)
        {
            _system.Linearise(state);
            FocalDeviation = _system.Invert(1e-7) && _system.FocalVariance() is > 0 and double variance ? Math.Sqrt(variance) : double.PositiveInfinity;
        }
        _solved = state;
    }

    /// <summary>
    /// How far poses are known after <see cref="Solve"/>, relative to what is held, for noise of <see cref="PixelDeviation"/>; null where
    /// the observations do not fix them.
    /// </summary>
    public PoseCovariance?[] CovarianceOf(IReadOnlyList<int> poses)
    {
        var result = new PoseCovariance?[poses.Count];
        if (_system is null || _solved is null) throw new InvalidOperationException("Solve first.");
        _system.Linearise(_solved);
        if (!_system.Invert(1e-10)) return result;
        for (int i = 0; i < result.Length; i++)
        {
            var m = _system.PoseVariance(poses[i]);
            double turn = m[0] + m[7] + m[14], move = m[21] + m[28] + m[35];
            if (turn >= 0 && move >= 0 && double.IsFinite(turn + move)) result[i] = new(Math.Sqrt(turn), Math.Sqrt(move), m);
        }
        return result;
    }

    private Geometry.Vector3 InHost(int point)
    {
        var anchor = _anchors[point];
        var host = _poses[_hosts[point]];
        var (x, y, rho) = _points[point];
        return host.Rotation.Transposed * (anchor.Axes * new Geometry.Vector3(x, y, 1) + (anchor.Origin - host.Translation) * rho);
    }

    private AdjustmentProblem Describe() => new()
    {
        Freedoms = [.. _freedoms],
        Affinities = [.. _affinityPriors],
        Anchors = [.. _anchors],
        Observations = [.. _observations],
        First = [.. _first, _observations.Count],
        AbsolutePriors = [.. _absolutePriors],
        RelativePriors = [.. _relativePriors],
        IsFocalFree = _focalFree,
        PixelLoss = PixelLoss,
        PixelWidth = HuberWidth,
        PixelDeviation = PixelDeviation,
        DepthWidth = DepthWidth * PixelDeviation,
        Threads = Threads,
    };

    private void Take(AdjustmentState state)
    {
        Camera = state.Camera;
        for (int i = 0; i < _poses.Count; i++) (_poses[i], _affinities[i]) = (state.Poses[i], state.Affinities[i]);
        for (int i = 0; i < _points.Count; i++) _points[i] = state.Points[i];
    }
}
