using System.Globalization;

namespace MetricDepth.Video;

/// <summary>An exact ratio, such as the frame rate 30000/1001.</summary>
public readonly record struct Rational
{
    /// <summary>Creates the ratio in lowest terms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A part is not positive.</exception>
    public Rational(long numerator, long denominator = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        long a = numerator, b = denominator;
        while (b != 0) (a, b) = (b, a % b);
        Numerator = numerator / a;
        Denominator = denominator / a;
    }

    /// <summary>Above the line.</summary>
    public long Numerator { get; }

    /// <summary>Below the line.</summary>
    public long Denominator { get; }

    /// <summary>The value as a floating-point number.</summary>
    public double Value => (double)Numerator / Denominator;

    /// <summary>Parses <c>a/b</c>, <c>a:b</c> or a plain number; false for zero, negative or malformed text.</summary>
    public static bool TryParse(string? text, out Rational value)
    {
        value = default;
        if (string.IsNullOrEmpty(text)) return false;
        int cut = text.IndexOfAny(['/', ':']);
        if (cut < 0)
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && TryFrom(d, out value);
        if (!long.TryParse(text.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture, out long n)
            || !long.TryParse(text.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long m)
            || n <= 0 || m <= 0) return false;
        value = new(n, m);
        return true;
    }

    /// <summary>The ratio of a decimal rate: 29.97 and its kin become n·1000/1001, others are kept to a thousandth.</summary>
    public static bool TryFrom(double rate, out Rational value)
    {
        value = default;
        if (!(rate > 0 && rate < 1e6)) return false;
        double ntsc = Math.Round(rate * 1.001);
        if (Math.Abs(rate - Math.Round(rate)) > 1e-6 && Math.Abs(ntsc / 1.001 - rate) < 0.005 && ntsc is 24 or 30 or 60 or 120)
        {
            value = new((long)ntsc * 1000, 1001);
            return true;
        }
        long n = (long)Math.Round(rate * 1000);
        if (n == 0) return false;
        value = new(n, 1000);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Denominator <= 1
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
