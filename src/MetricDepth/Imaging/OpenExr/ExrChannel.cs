namespace MetricDepth.Imaging.OpenExr;

/// <summary>What the numbers of a channel are, under the format's numbers.</summary>
public enum ExrPixelType
{
    /// <summary>32-bit whole numbers.</summary>
    UInt = 0,
    /// <summary>16-bit floating point.</summary>
    Half = 1,
    /// <summary>32-bit floating point.</summary>
    Float = 2,
}

/// <summary>One channel of an EXR file.</summary>
/// <param name="Name">Its name, for example <c>Z</c> or <c>depth.Z</c>.</param>
/// <param name="Type">What its numbers are.</param>
/// <param name="IsSubsampled">Whether it has fewer pixels than the picture.</param>
public readonly record struct ExrChannel(string Name, ExrPixelType Type, bool IsSubsampled)
{
    /// <summary>Bytes a pixel.</summary>
    public int Bytes => Type == ExrPixelType.Half ? 2 : 4;

    /// <summary>The name without its layer.</summary>
    public ReadOnlySpan<char> ShortName => Name.AsSpan(Name.LastIndexOf('.') + 1);
}
