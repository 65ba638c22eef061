using System.Globalization;
using System.Text;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>What can be wrong with a checkpoint, in words for its user.</summary>
internal readonly record struct CheckpointFailures(string Path)
{
    private const int LongestQuote = 100;

    /// <summary>It asks for code to be run.</summary>
    /// <param name="what">What its pickle does, as the end of a sentence.</param>
    public MetricDepthException Unsafe(string what) => new("CheckpointUnsafe", FailureKind.InvalidData,
        $"'{Path}' {what}, which weights have no need of. Nothing of it was run. Do not open it with other programs; get the weights from their makers, best as .safetensors.");

    /// <summary>It is damaged, broken off, or contradicts itself.</summary>
    /// <param name="why">As the end of a sentence.</param>
    /// <param name="inner">What was thrown, if anything.</param>
    public MetricDepthException Malformed(string why, Exception? inner = null) => new("CheckpointMalformed", FailureKind.InvalidData,
        $"'{Path}' is damaged or incomplete: {why}. Download it again.", inner);

    /// <summary>It is sound, in a form that is not read here.</summary>
    /// <param name="what">What it is, as the end of a sentence.</param>
    /// <param name="next">What to do, a sentence.</param>
    public MetricDepthException Unsupported(string what, string next) => new("CheckpointUnsupported", FailureKind.InvalidData, $"'{Path}' {what}. {next}");

    /// <summary>A name from the file for a message: in quotes, of reasonable length, nothing that a terminal would obey.</summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder("'");
        foreach (var rune in name.EnumerateRunes())
        {
            if (text.Length > LongestQuote)
            {
                text.Append('…');
                break;
            }
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
                text.Append('?');
            else text.Append(rune.ToString());
        }
        return text.Append('\'').ToString();
    }
}
