namespace MetricDepth.Estimation.MotionStereo;

/// <summary>The constants of the dense matcher. Lengths are pixels at the working size unless said otherwise.</summary>
internal sealed record MotionStereoSettings
{
    /// <summary>The shorter side at which matching runs.</summary>
    public int ShorterSide { get; init; } = 384;

    /// <summary>Neighbours are looked for among at most this many views before and after.</summary>
    public int Window { get; init; } = 40;

    /// <summary>
    /// A frame becomes a view for others once it moves the nearest depth so far against the farthest, seen from the view before it: a
    /// window of views then spans the wanted parallax however slow the camera is.
    /// </summary>
    public double ViewSpacing { get; init; } = 1.6;

    /// <summary>A frame becomes a view for others, too, when it shares less than this with the view before it.</summary>
    public double ViewOverlap { get; init; } = 0.85;

    /// <summary>Views that each frame is matched against, before and after together.</summary>
    public int Neighbours { get; init; } = 6;

    /// <summary>
    /// How far the farthest-apart neighbour should move the nearest depth against the farthest: more is more precise, until
    /// views differ too much to match.
    /// </summary>
    public double ParallaxSpan { get; init; } = 44;

    /// <summary>Neighbours whose parallax span is below this tell nothing of depth.</summary>
    public double MinimumSpan { get; init; } = 3;

    /// <summary>The share of this frame that a neighbour must see.</summary>
    public double MinimumOverlap { get; init; } = 0.55;

    /// <summary>Penalty for a depth step of one plane, in the unit of the cost (0..93).</summary>
    public int SmallStepPenalty { get; init; } = 7;

    /// <summary>Penalty for a larger depth step where the picture is smooth.</summary>
    public int LargeStepPenalty { get; init; } = 90;

    /// <summary>Penalty for a larger depth step across a strong edge of the picture.</summary>
    public int EdgeStepPenalty { get; init; } = 24;

    /// <summary>Texture (mean absolute difference of neighbouring pixels, both ways) that is only noise.</summary>
    public float NoiseTexture { get; init; } = 1.5f;

    /// <summary>Texture above the noise at which a match is half trusted.</summary>
    public float HalfTexture { get; init; } = 3;

    /// <summary>Two views of one point agree when their depths differ by less than this share.</summary>
    public float Agreement { get; init; } = 0.04f;

    /// <summary>Depths are held against each other at these shares of the window of views, before and after.</summary>
    public IReadOnlyList<double> CheckDistances { get; init; } = [0.1, 0.22, 0.375];

    /// <summary>Depth this near to the outline of a near thing is not trusted: the census window's radius.</summary>
    public int OutlineBand { get; init; } = 3;

    /// <summary>Smoothness of the completion; larger reaches further.</summary>
    public float CompletionStrength { get; init; } = 8000;

    /// <summary>Colour difference (0..255) at which the completion stops.</summary>
    public float CompletionRange { get; init; } = 1.5f;

    /// <summary>The share of the earlier frame in the blend over time.</summary>
    public float Steadiness { get; init; } = 0.7f;

    /// <summary>Shorter smoothnesses at which what the completion smoothed away is added back.</summary>
    public IReadOnlyList<float> DetailStrengths { get; init; } = [400, 20];

    /// <summary>Squared trust at which half of it is added back.</summary>
    public float DetailTrust { get; init; } = 0.2f;

    /// <summary>Frames matched at once.</summary>
    public int Threads { get; init; } = Math.Min(Environment.ProcessorCount, 16);
}
