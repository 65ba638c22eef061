namespace MetricDepth.Inference;

/// <summary>What the numbers that come out of a depth network mean.</summary>
public enum OutputMeaning
{
    /// <summary>Metres.</summary>
    Depth,
    /// <summary>1/metres, up to one factor and one offset unless the model says that it is metric.</summary>
    InverseDepth,
    /// <summary>Proportional to 1/metres.</summary>
    Disparity,
}
