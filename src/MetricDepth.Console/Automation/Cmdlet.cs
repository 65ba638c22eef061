#nullable disable
using System.Collections;
using System.Collections.ObjectModel;

namespace System.Management.Automation;

public abstract class Cmdlet
{
    internal CommandRuntime CommandRuntime { get; set; }
    public bool Stopping => CommandRuntime.Pipeline.IsStopping;

    protected virtual void BeginProcessing() { }
    protected virtual void ProcessRecord() { }
    protected virtual void EndProcessing() { }
    protected virtual void StopProcessing() { }

    internal void InvokeBegin() => BeginProcessing();
    internal void InvokeProcess() => ProcessRecord();
    internal void InvokeEnd() => EndProcessing();
    internal void InvokeStop() => StopProcessing();

    public void WriteObject(object sendToPipeline) => CommandRuntime.Output(sendToPipeline);

    public void WriteObject(object sendToPipeline, bool enumerateCollection)
    {
        if (enumerateCollection && PSObject.Bare(sendToPipeline) is IEnumerable list and not (string or IDictionary))
            foreach (object element in list) CommandRuntime.Output(element);
        else CommandRuntime.Output(sendToPipeline);
    }

    public void WriteError(ErrorRecord errorRecord) => CommandRuntime.Error(errorRecord);
    public void WriteWarning(string text) => CommandRuntime.Warning(text);
    public void WriteVerbose(string text) => CommandRuntime.Verbose(text);
    public void WriteDebug(string text) => CommandRuntime.Debug(text);
    public void WriteProgress(ProgressRecord progressRecord) => CommandRuntime.Progress(progressRecord);
    public void WriteInformation(InformationRecord informationRecord) => CommandRuntime.Information(informationRecord);
    public void WriteInformation(object messageData, string[] tags)
    {
        var record = new InformationRecord(messageData, CommandRuntime.Invocation.MyCommand.Name);
        record.Tags.AddRange(tags ?? []);
        CommandRuntime.Information(record);
    }

    public void ThrowTerminatingError(ErrorRecord errorRecord) => throw CommandRuntime.Fail(errorRecord);

    public bool ShouldProcess(string target) => CommandRuntime.ShouldProcess(target, CommandRuntime.Invocation.MyCommand.Name);
    public bool ShouldProcess(string target, string action) => CommandRuntime.ShouldProcess(target, action);
    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption, out _);
    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption, out ShouldProcessReason shouldProcessReason) =>
        CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption, out shouldProcessReason);
}

public abstract class PSCmdlet : Cmdlet
{
    public InvocationInfo MyInvocation => CommandRuntime.Invocation;
    public string ParameterSetName => CommandRuntime.ParameterSetName;
    public SessionState SessionState => CommandRuntime.Pipeline.SessionState;
    public ProviderIntrinsics InvokeProvider { get; } = new();

    public string GetUnresolvedProviderPathFromPSPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider) =>
        SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);
}
