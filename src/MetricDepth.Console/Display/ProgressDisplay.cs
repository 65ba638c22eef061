using System.Globalization;
using System.Management.Automation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MetricDepth.CommandLine.Display;

/// <summary>Progress bars at the foot of a terminal; nothing where stderr goes to a file.</summary>
internal sealed class ProgressDisplay
{
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Dictionary<int, ProgressTask> _bars = [];
    private readonly ManualResetEventSlim _hide = new();
    private ProgressContext? _context;
    private Task? _drawing;

    public void Show(ProgressRecord record)
    {
        if (!_isTerminal) return;
        if (_drawing is null) Start();
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (_bars.Remove(record.ActivityId, out var done)) done.StopTask();
            return;
        }
        string description = Markup.Escape(record.CurrentOperation is { Length: > 0 } item ? $"{record.Activity}  {Path.GetFileName(item)}" : record.Activity);
        if (!_bars.TryGetValue(record.ActivityId, out var bar)) _bars[record.ActivityId] = bar = _context!.AddTask(description);
        bar.Description = description;
        bar.IsIndeterminate = record.PercentComplete < 0;
        // a task at its maximum counts as ended, and this one is not until its record says so
        bar.Value = Math.Clamp(record.PercentComplete, 0, 99.99);
        var time = TimeSpan.FromSeconds(record.SecondsRemaining);
        string format = time.TotalHours < 1 ? "'  'm':'ss' left'" : "'  'h':'mm':'ss' left'";
        string left = record.SecondsRemaining < 0 ? "" : time.ToString(format, CultureInfo.InvariantCulture);
        bar.State.Update<Status>("status", _ => new(record.StatusDescription + left));
    }

    /// <summary>Takes the bars away, so that a line can be written; the next record brings them back.</summary>
    public void Hide()
    {
        if (_drawing is null) return;
        _hide.Set();
        _drawing.Wait();
        (_drawing, _context) = (null, null);
        _bars.Clear();
    }

    private void Start()
    {
        _hide.Reset();
        using var ready = new ManualResetEventSlim();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        _drawing = Task.Factory.StartNew(
            () => console.Progress().AutoClear(true).HideCompleted(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new StatusColumn())
                .Start(started =>
                {
                    _context = started;
                    ready.Set();
                    _hide.Wait();
                }),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        ready.Wait();
    }

    private readonly record struct Status(string Text);

    private sealed class StatusColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.State.Get<Status>("status").Text ?? "").Ellipsis();
    }
}
