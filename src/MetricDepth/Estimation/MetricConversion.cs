namespace MetricDepth.Estimation;

/// <summary>How one frame's relative inverse depth r becomes metres: <c>z = 1/((r − RelativeMean)·Factor + InverseMean)</c>.</summary>
/// <param name="Factor">1/metres for each unit of relative depth.</param>
/// <param name="InverseMean">Mean inverse depth, 1/metres; 0 or less where nothing is known.</param>
/// <param name="RelativeMean">The relative depth that means it.</param>
public readonly record struct MetricConversion(double Factor, double InverseMean, double RelativeMean)
{
    /// <summary>Gives no depth.</summary>
    public static MetricConversion None => default;

    /// <summary>Converts values in place.</summary>
    /// <param name="values">Relative inverse depth; becomes metres, 0 where there is none.</param>
    /// <param name="farthest">What values get that come out behind the camera or infinitely far, metres.</param>
    public void Apply(Span<float> values, double farthest)
    {
        if (this == None)
        {
            values.Clear();
            return;
        }
        // (r − b)·c + a in one product: rounding is that of the sum either way
        float factor = (float)Factor, offset = (float)(InverseMean - RelativeMean * Factor), far = (float)farthest;
        for (int i = 0; i < values.Length; i++)
        {
            float inverse = values[i] * factor + offset;
            values[i] = inverse > 0 ? 1 / inverse : float.IsNaN(inverse) ? 0 : far;
        }
    }
}
