using System.Globalization;

namespace MetricDepth.Rendering;

/// <summary>The depth that appears at the screen: metres, or chosen for each frame.</summary>
public sealed record ConvergenceDistance
{
    private const string AutoName = "Auto";

    /// <summary>A fixed distance.</summary>
    /// <param name="metres">Metres.</param>
    public ConvergenceDistance(double metres) => Metres = metres;

    private ConvergenceDistance()
    {
    }

    /// <summary>Chosen for each frame, moving slowly within a shot.</summary>
    public static ConvergenceDistance Auto { get; } = new();

    /// <summary>Metres; null when it is chosen for each frame.</summary>
    public double? Metres { get; }

    /// <summary>A number of metres, or none.</summary>
    public static implicit operator ConvergenceDistance?(double? metres) => metres is { } m ? new(m) : null;

    /// <summary>Reads metres (with a decimal point in every culture) or <c>Auto</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static ConvergenceDistance Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals(AutoName, StringComparison.OrdinalIgnoreCase)) return Auto;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double metres)
            ? new(metres)
            : throw new FormatException($"'{text}' is no convergence distance. Give metres, such as 2.5, or {AutoName}.");
    }

    /// <inheritdoc/>
    public override string ToString() => Metres?.ToString("R", CultureInfo.InvariantCulture) ?? AutoName;
}
