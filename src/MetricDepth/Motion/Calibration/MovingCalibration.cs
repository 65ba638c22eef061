using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion.Calibration;

/// <summary>
/// The focal length from the motion itself (self-calibration): the first keyframes are solved for several fields of view, each
/// solution is adjusted together with its focal length, and the one that explains the tracks best counts. It is believed when
/// the normal equations fix it and no other start ends elsewhere with as good an explanation.
/// </summary>
internal static class MovingCalibration
{
    private static readonly double[] Starts = [45, 63, 85];
    private const double SameExplanation = 1.04;
    private const double SameFocal = 0.10;

    /// <summary>Estimates from the keyframes of a start, given a pair among them with parallax.</summary>
    public static FocalEstimate Run(int width, int height, IReadOnlyList<TrackedFrame> keyframes, KeyframePair pair, CancellationToken cancellation)
    {
        var solved = new (StructureMap? Map, double Error, double Deviation)[Starts.Length];
        // each start stands alone
        Parallel.For(0, Starts.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var camera = new Camera(Intrinsics.FromFieldOfView(width, height, Starts[i], null));
            solved[i] = (null, double.PositiveInfinity, double.PositiveInfinity);
            if (Bootstrap.Solve(camera, keyframes, pair, cancellation) is not { } map) return;
            Bootstrap.Extend(map, keyframes);
            solved[i] = Refine(map);
        });
        return Judge(width, solved);
    }

    /// <summary>Estimates from keyframes whose poses are known.</summary>
    public static FocalEstimate Run(int width, int height, IReadOnlyList<Keyframe> posed, CancellationToken cancellation)
    {
        var solved = new (StructureMap? Map, double Error, double Deviation)[Starts.Length];
        for (int i = 0; i < Starts.Length; i++)
        {
            var map = new StructureMap(new(Intrinsics.FromFieldOfView(width, height, Starts[i], null)), cancellation);
            map.Start(posed);
            solved[i] = Refine(map, posed.Count);
        }
        return Judge(width, solved);
    }

    private static (StructureMap Map, double Error, double Deviation) Refine(StructureMap map, int firstFree = 1)
    {
        double deviation = double.PositiveInfinity;
        for (int round = 0; round < 3; round++) deviation = map.Adjust(firstFree, 30, freeFocal: true).FocalDeviation;
        double error = map.CappedError();
        return (map, error, deviation * Math.Sqrt(Math.Max(error, 0.01)));
    }

    private static FocalEstimate Judge(int width, (StructureMap? Map, double Error, double Deviation)[] solved)
    {
        int best = 0;
        for (int i = 1; i < solved.Length; i++)
            if (solved[i].Error < solved[best].Error) best = i;
        if (solved[best].Map is not { } map) return FocalEstimate.None;
        double f = map.Camera.Fx, fov = 2 * Math.Atan(width / (2 * f)) * (180 / Math.PI);
        bool reliable = fov is >= FocalEstimate.MinFov and <= FocalEstimate.MaxFov && solved[best].Deviation < FocalEstimate.MaxDeviation;
        foreach (var (other, error, _) in solved)
            if (other is not null && error < SameExplanation * solved[best].Error && Math.Abs(other.Camera.Fx / f - 1) > SameFocal) reliable = false;
        return new(map.Camera, solved[best].Deviation, reliable);
    }
}
