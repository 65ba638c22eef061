namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>A clip's frames as the network takes them, one after the other.</summary>
internal interface IPictureSource
{
    /// <summary>Prepares the next pictures.</summary>
    /// <param name="pictures">Takes count×3×height×width values.</param>
    /// <param name="count">How many are wanted.</param>
    /// <returns>How many there were; fewer than <paramref name="count"/> at the end of the clip.</returns>
    int Read(Memory<float> pictures, int count);
}
