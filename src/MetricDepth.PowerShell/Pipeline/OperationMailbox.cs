using System.Collections.Concurrent;

namespace MetricDepth.PowerShell;

/// <summary>
/// What a worker hands to the pipeline thread: results and messages, each kept in order, and the latest progress, which a newer
/// report replaces, so that nothing piles up however many frames there are.
/// </summary>
/// <param name="warn">Writes a warning; called on the pipeline thread.</param>
/// <param name="tell">Writes a verbose message; called on the pipeline thread.</param>
internal sealed class OperationMailbox(Action<string> warn, Action<string> tell) : IProgress<FrameProgress>, IDisposable
{
    private const int PollMilliseconds = 100;

    private readonly BlockingCollection<Action> _letters = [];
    private object? _latest;

    /// <summary>Leaves something to be done on the pipeline thread.</summary>
    public void Post(Action letter) => _letters.Add(letter);

    /// <inheritdoc/>
    public void Report(FrameProgress value)
    {
        if (value.Kind == MessageKind.None) Interlocked.Exchange(ref _latest, value);
        else if (value.Message is { } text) Post(value.Kind == MessageKind.Warning ? () => warn(text) : () => tell(text));
    }

    /// <summary>Nothing more will come.</summary>
    public void Close() => _letters.CompleteAdding();

    /// <summary>Waits a moment for a letter (null if none came); false when none will ever come.</summary>
    public bool Take(out Action? letter) => _letters.TryTake(out letter, PollMilliseconds) || !_letters.IsCompleted;

    /// <summary>The latest progress, once.</summary>
    public FrameProgress? TakeProgress() => (FrameProgress?)Interlocked.Exchange(ref _latest, null);

    /// <inheritdoc/>
    public void Dispose() => _letters.Dispose();
}
