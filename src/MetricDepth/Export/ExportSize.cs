using System.Globalization;

namespace MetricDepth.Export;

/// <summary>How much disk an export takes, told before it starts.</summary>
/// <param name="Files">Files to be written; null if the length of the video is not known.</param>
/// <param name="BytesEach">Bytes of one file, at most, or as a rule; the text says which.</param>
/// <param name="IsLimit">Whether <paramref name="BytesEach"/> is the most that one can take, rather than an estimate.</param>
public readonly record struct ExportSize(long? Files, double BytesEach, bool IsLimit)
{
    // From here on people want to know before they start; a few clouds concern nobody.
    private const double NoteworthyBytes = 1e9;

    /// <summary>Bytes in all; null if unknown.</summary>
    public double? Bytes => Files * BytesEach;

    /// <summary>For example <c>10000 files, up to 46.1 GB</c>.</summary>
    public override string ToString() => Files is { } n
        ? string.Create(CultureInfo.InvariantCulture, $"{n} {(n == 1 ? "file" : "files")}, {Word} {InWords(Bytes!.Value)}")
        : $"{Word} {InWords(BytesEach)} a frame; the video does not say how many frames it has";

    /// <summary>Says how much it will be, as a warning when it is much or does not fit.</summary>
    /// <param name="destination">Where to, a file or folder that may not exist yet.</param>
    /// <param name="advice">How to make it less, a sentence.</param>
    /// <param name="progress">Told.</param>
    public void Announce(string destination, string advice, IProgress<FrameProgress>? progress)
    {
        if (progress is null) return;
        long free = DiskSpace.FreeAt(destination);
        bool fits = !(Bytes > free);
        string text = $"'{destination}' will take {ToString()}{(free == long.MaxValue ? "" : $", where {InWords(free)} are free")}.";
        progress.Report(fits && !(Bytes >= NoteworthyBytes) ? FrameProgress.Verbose(text) : FrameProgress.Warning($"{text}{(fits ? "" : " It may not fit.")} {advice}"));
    }

    private string Word => IsLimit ? "up to" : "about";

    private static string InWords(double bytes) => bytes switch
    {
        >= 1e12 => Invariant($"{bytes / 1e12:0.0} TB"),
        >= 1e9 => Invariant($"{bytes / 1e9:0.0} GB"),
        >= 1e6 => Invariant($"{bytes / 1e6:0.0} MB"),
        _ => Invariant($"{Math.Ceiling(bytes / 1e3):0} kB"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
