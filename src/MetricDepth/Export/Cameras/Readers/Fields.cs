using System.Globalization;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>The numbers of a line.</summary>
internal ref struct Fields(ReadOnlySpan<byte> line)
{
    // farther away, or longer ago, lies nothing; and products of such numbers stay finite
    private const double Largest = 1e15;

    private ReadOnlySpan<byte> _rest = line;

    /// <summary>What has not been taken.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest.TrimStart(" \t,"u8);

    /// <summary>The next word; empty at the end.</summary>
    public ReadOnlySpan<byte> Word()
    {
        _rest = Rest;
        int end = _rest.IndexOfAny((byte)' ', (byte)'\t', (byte)',');
        var word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return word;
    }

    /// <summary>The next word as a number; false at the end, and for what is no number of this world.</summary>
    public bool TryNumber(out double value) =>
        double.TryParse(Word(), NumberStyles.Float, CultureInfo.InvariantCulture, out value) && Math.Abs(value) <= Largest;

    /// <summary>The next words as numbers.</summary>
    public bool TryNumbers(scoped Span<double> values)
    {
        foreach (ref double value in values)
            if (!TryNumber(out value)) return false;
        return true;
    }

    /// <summary>How many words a line has, counted up to a limit.</summary>
    public static int Count(ReadOnlySpan<byte> line, int most)
    {
        var fields = new Fields(line);
        int n = 0;
        while (n < most && fields.Word().Length > 0) n++;
        return n;
    }
}
