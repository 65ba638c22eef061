using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace MetricDepth.PowerShell;

/// <summary>
/// The base of all commands: the operation runs on a worker while the pipeline thread passes on its progress, messages and
/// results, because only that thread may write. Ctrl+C cancels the operation and waits until it has cleaned up.
/// </summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class OperationCommand<TOptions, TResult> : PSCmdlet, IDisposable
{
    // an operation answers a cancellation within a second; one that does not must still not hang the shell
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled by Ctrl+C.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <summary>Runs the operation; called on the worker.</summary>
    protected abstract void Run(
        TOptions options, Action<TResult> emit, IProgress<FrameProgress> progress, CancellationToken cancellation);

    /// <summary>The object as it goes down the pipeline; called on the pipeline thread.</summary>
    protected virtual object ToPipeline(TResult result) => result!;

    /// <summary>A file or folder as <c>Get-Item</c> gives it: only then does PowerShell know its size and PSPath.</summary>
    protected object ItemOf(FileSystemInfo file) => InvokeProvider.Item.Get([file.FullName], force: true, literalPath: true)[0];

    /// <summary>Runs the operation to its end; a failure becomes a non-terminating error about <paramref name="target"/>.</summary>
    protected void Execute(TOptions options, object target)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var mailbox = new OperationMailbox(text => WriteWarning(Failure.About(target, text)), WriteVerbose);
        var progress = new ProgressLine(Convert.ToString(target, CultureInfo.InvariantCulture) ?? "");
        var clock = Stopwatch.StartNew();
        Exception? failure = null;
        var worker = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    Run(options, result => mailbox.Post(() => WriteObject(ToPipeline(result))), mailbox, cancellation.Token);
                }
                catch (Exception e)
                {
                    failure = e;
                }
                finally
                {
                    mailbox.Close();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Pump(mailbox, progress);
        }
        finally
        {
            // also reached when a downstream command stops the pipeline while we write to it
            cancellation.Cancel();
            worker.Wait(CleanUpTime);
        }
        if (failure is null)
            WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{target}: done in {clock.Elapsed.TotalSeconds:0.0} s."));
        else if (!Cancellation.IsCancellationRequested)
            WriteError(Failure.ToErrorRecord(failure, target));
    }

    /// <summary>Does a small thing on the pipeline thread; a failure becomes a non-terminating error.</summary>
    protected void Guard(object target, Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
        }
        // what PowerShell throws to steer the pipeline (stop, -ErrorAction Stop) must pass
        catch (Exception e) when (e is MetricDepthException or IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException or SessionStateException or ProviderInvocationException)
        {
            WriteError(Failure.ToErrorRecord(e, target));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the command holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }

    private void Pump(OperationMailbox mailbox, ProgressLine progress)
    {
        while (mailbox.Take(out var message))
        {
            message?.Invoke();
            if (mailbox.TakeProgress() is { } report && progress.Next(report) is { } record) WriteProgress(record);
        }
        if (progress.Last() is { } done) WriteProgress(done);
    }
}
