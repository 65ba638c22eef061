using MetricDepth.Geometry;

namespace MetricDepth.Motion;

/// <summary>A solved camera path.</summary>
internal sealed record PoseSolution
{
    /// <summary>Camera to frame 0's camera, one a frame.</summary>
    public required IReadOnlyList<Pose> Poses { get; init; }

    /// <summary>How far each can be trusted.</summary>
    public required IReadOnlyList<PoseQuality> Frames { get; init; }

    /// <summary>What the unit rests on.</summary>
    public required CameraPathScale Scale { get; init; }

    /// <summary>Root mean square reprojection error of inliers, px at the clip's size.</summary>
    public required double ReprojectionError { get; init; }

    /// <summary>Share of sightings of known points that agree with the path, 0..1.</summary>
    public required double InlierShare { get; init; }

    /// <summary>Places recognised after the tracks to them had been lost.</summary>
    public int LoopsClosed { get; init; }
}

/// <summary>One way to solve a camera path.</summary>
internal interface IPoseSolver
{
    /// <summary>Solves.</summary>
    /// <exception cref="MetricDepthException">The clip holds too little; the message says what and what to do.</exception>
    PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation);
}
