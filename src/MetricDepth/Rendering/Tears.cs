namespace MetricDepth.Rendering;

/// <summary>Goes through the tears of a picture, in order; what is not torn is skipped many pixels at a time.</summary>
/// <param name="torn"><see cref="SourceImage.TornRight"/> or <see cref="SourceImage.TornDown"/>.</param>
internal ref struct Tears(ReadOnlySpan<byte> torn)
{
    private readonly ReadOnlySpan<byte> _torn = torn;

    /// <summary>Where the tear is.</summary>
    public int Current { get; private set; } = -1;

    /// <summary>Goes to the next one.</summary>
    public bool MoveNext()
    {
        int from = Current + 1, next = from < _torn.Length ? _torn[from..].IndexOfAnyExcept((byte)0) : -1;
        Current = from + next;
        return next >= 0;
    }

    /// <summary>Itself: for <c>foreach</c>.</summary>
    public readonly Tears GetEnumerator() => this;
}
