namespace System.Management.Automation;

/// <summary>One command's streams: what it writes goes on as its preferences say.</summary>
internal sealed class CommandRuntime(Pipeline pipeline, InvocationInfo invocation, CommonParameters common)
{
    private static readonly string[] Choices = ["Yes", "Yes to All", "No", "No to All"];
    private bool _yesToAll, _noToAll;

    public Pipeline Pipeline => pipeline;
    public InvocationInfo Invocation => invocation;
    public CommandProcessor? Next { get; set; }
    public string ParameterSetName { get; set; } = ParameterAttribute.AllParameterSets;

    private ActionPreference VerbosePreference => common.Verbose ? ActionPreference.Continue : ActionPreference.SilentlyContinue;
    private ActionPreference DebugPreference => common.Debug ? ActionPreference.Continue : ActionPreference.SilentlyContinue;
    private bool WhatIf => common is ShouldProcessParameters { WhatIf.IsPresent: true };

    public void Output(object? value)
    {
        Enter();
        if (Next is null) pipeline.Host.Output(value);
        else Next.Process(value);
        pipeline.ThrowIfStopping();
    }

    public void Error(ErrorRecord record)
    {
        Enter();
        ArgumentNullException.ThrowIfNull(record);
        record.From(invocation);
        if (common.ErrorAction == ActionPreference.Stop) throw Fail(record);
        if (common.ErrorAction != ActionPreference.Ignore) pipeline.HadErrors = true;
        if (Wanted(common.ErrorAction, "ErrorActionPreference", record.ToString())) pipeline.Host.Error(record);
    }

    public void Warning(string text) => Write(common.WarningAction, "WarningPreference", text, pipeline.Host.Warning);
    public void Verbose(string text) => Write(VerbosePreference, "VerbosePreference", text, pipeline.Host.Verbose);
    public void Debug(string text) => Write(DebugPreference, "DebugPreference", text, pipeline.Host.Debug);
    public void Information(InformationRecord record) => Write(common.InformationAction, "InformationPreference", record.ToString(), pipeline.Host.Information);

    public void Progress(ProgressRecord record)
    {
        Enter();
        if (Wanted(common.ProgressAction, "ProgressPreference", record.Activity)) pipeline.Host.Progress(record);
    }

    /// <summary>Ends the pipeline with an error. Upstream commands see no more than that it stops.</summary>
    public PipelineStoppedException Fail(ErrorRecord record)
    {
        Enter();
        return pipeline.Fail(record.From(invocation));
    }

    public bool ShouldProcess(string target, string action)
    {
        string text = $"Performing the operation \"{action}\" on target \"{target}\".";
        return ShouldProcess(text, $"Are you sure you want to perform this action?{Environment.NewLine}{text}", "Confirm", out _);
    }

    public bool ShouldProcess(string description, string question, string caption, out ShouldProcessReason reason)
    {
        Enter();
        reason = WhatIf ? ShouldProcessReason.WhatIf : ShouldProcessReason.None;
        if (WhatIf)
        {
            pipeline.Host.Information("What if: " + description);
            return false;
        }
        bool asks = invocation.BoundParameters.ContainsKey("Confirm")
            ? ((ShouldProcessParameters)common).Confirm
            : invocation.MyCommand.Cmdlet is { SupportsShouldProcess: true, ConfirmImpact: ConfirmImpact.High };
        if (asks && !_yesToAll) return !_noToAll && Ask(question, caption, ref _yesToAll, ref _noToAll);
        Verbose(description);
        return true;
    }

    private bool Ask(string query, string caption, ref bool all, ref bool none)
    {
        Enter();
        int answer = pipeline.Host.Ask(caption, query, Choices) ?? throw Fail(new PSInvalidOperationException(
            "There is no terminal to ask this question on. Add -Confirm:$false or -Force where the command takes it.").ErrorRecord);
        (all, none) = (answer == 1, answer == 3);
        return answer < 2;
    }

    private void Write(ActionPreference preference, string variable, string text, Action<string> write)
    {
        Enter();
        if (!Wanted(preference, variable, text) && preference != ActionPreference.Stop) return;
        write(text);
        if (preference == ActionPreference.Stop) throw Stopped(variable, text);
    }

    private bool Wanted(ActionPreference preference, string variable, string text)
    {
        if (preference != ActionPreference.Inquire) return preference is ActionPreference.Continue;
        bool all = false, none = false;
        if (Ask(text, "Continue with this operation?", ref all, ref none)) return true;
        throw Stopped(variable, text);
    }

    private PipelineStoppedException Stopped(string variable, string text) => Fail(new ErrorRecord(new ActionPreferenceStopException(
        $"The running command stopped because the preference variable \"{variable}\" or common parameter is set to Stop: {text}"),
        "ActionPreferenceStop", ErrorCategory.OperationStopped, null));

    // as in PowerShell: only the pipeline's thread may write, and nothing is written once the pipeline stops
    private void Enter()
    {
        if (!pipeline.IsOwnThread)
            throw new PSInvalidOperationException("The WriteObject and WriteError methods cannot be called from outside the overrides of the "
                + "BeginProcessing, ProcessRecord, and EndProcessing methods, and they can only be called from within the same thread.");
        pipeline.ThrowIfStopping();
    }
}
