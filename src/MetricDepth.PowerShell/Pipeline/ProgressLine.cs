using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace MetricDepth.PowerShell;

/// <summary>Turns counts of frames or bytes into progress records with their rate and the time left.</summary>
internal sealed class ProgressLine(string item)
{
    private static int s_lines;

    // a rate over fewer frames or less time than this jumps about too much to be shown
    private const double SettlingSeconds = 0.5;

    // commands of one pipeline each have a line of their own
    private readonly int _id = Interlocked.Increment(ref s_lines);
    private readonly Stopwatch _clock = new();
    private string _activity = "";
    private long _startedAt;
    private ProgressRecord? _last;

    /// <summary>The record to show for a report; null if it says nothing new.</summary>
    public ProgressRecord? Next(FrameProgress report)
    {
        if (report.Activity.Length == 0) return null;
        if (report.Activity != _activity || report.Done < _startedAt)
        {
            _activity = report.Activity;
            _startedAt = report.Done;
            _clock.Restart();
        }
        double seconds = _clock.Elapsed.TotalSeconds;
        double rate = seconds >= SettlingSeconds ? (report.Done - _startedAt) / seconds : 0;
        var record = new ProgressRecord(_id, report.Activity, Status(report, rate)) { CurrentOperation = item };
        if (report.Total is > 0 and var total)
        {
            record.PercentComplete = (int)Math.Clamp(100 * report.Done / total, 0, 100);
            if (rate > 0) record.SecondsRemaining = (int)Math.Min(Math.Max(0, total - report.Done) / rate, int.MaxValue);
        }
        return _last = record;
    }

    /// <summary>The record that takes the line away; null if none was shown.</summary>
    public ProgressRecord? Last() =>
        _last is null ? null
        : new ProgressRecord(_id, _last.Activity, _last.StatusDescription) { RecordType = ProgressRecordType.Completed };

    private static string Status(FrameProgress report, double rate) => report.Unit == ProgressUnit.Bytes ? Bytes(report, rate) : Frames(report, rate);

    private static string Frames(FrameProgress report, double rate)
    {
        string frames = report.Total is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{report.Done} of {total} frames")
            : string.Create(CultureInfo.InvariantCulture, $"{report.Done} frames");
        return rate > 0 ? frames + string.Create(CultureInfo.InvariantCulture, $", {rate:0.0} frames/s") : frames;
    }

    private static string Bytes(FrameProgress report, double rate)
    {
        string bytes = report.Total is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{report.Done / 1e6:0.0} of {total / 1e6:0.0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{report.Done / 1e6:0.0} MB");
        return rate > 0 ? bytes + string.Create(CultureInfo.InvariantCulture, $", {rate / 1e6:0.0} MB/s") : bytes;
    }
}
