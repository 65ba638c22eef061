namespace System.Management.Automation;

/// <summary>A command's name with the words after it.</summary>
internal sealed record CommandCall(CommandInfo Command, IReadOnlyList<object?> Arguments, string InvokedAs);

/// <summary>Commands joined so that each object goes all the way down as soon as it is written.</summary>
internal sealed class Pipeline(IPipelineHost host, string directory)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile CommandProcessor[] _processors = [];
    private volatile bool _stopping;
    private ErrorRecord? _failure;

    public IPipelineHost Host => host;
    public SessionState SessionState { get; } = new(directory);
    public bool HadErrors { get; set; }
    public bool IsStopping => _stopping;
    public bool IsOwnThread => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Binds all commands, then runs them. A usage error leaves before anything has run.</summary>
    /// <param name="calls">The commands in order.</param>
    /// <param name="input">Objects for the first command; null for none.</param>
    /// <exception cref="ParameterBindingException">The words do not fit a command.</exception>
    public void Run(IReadOnlyList<CommandCall> calls, IEnumerable<object?>? input)
    {
        var made = new CommandProcessor[calls.Count];
        for (int i = calls.Count - 1; i >= 0; i--)
            made[i] = new CommandProcessor(this, calls[i], i + 1, calls.Count, i > 0 || input is not null, i + 1 < calls.Count ? made[i + 1] : null);
        try
        {
            foreach (var p in made) p.Bind();
            _processors = made;
            ThrowIfStopping();
            foreach (var p in made) p.Guard(p.Cmdlet.InvokeBegin);
            if (input is null) made[0].ProcessOnce();
            else foreach (object? o in input) made[0].Process(o);
            foreach (var p in made) p.Guard(p.Cmdlet.InvokeEnd);
        }
        catch (PipelineStoppedException)
        {
            if (_failure is null) return;
            HadErrors = true;
            host.Error(_failure);
        }
        finally
        {
            foreach (var p in made) (p.Cmdlet as IDisposable)?.Dispose();
        }
    }

    /// <summary>Stops the pipeline from another thread; returns at once.</summary>
    public void Stop()
    {
        _stopping = true;
        foreach (var p in _processors)
            try
            {
                p.Cmdlet.InvokeStop();
            }
            catch (Exception)
            {
                // it may have ended by itself meanwhile; whatever happens here, the others must be told too
            }
    }

    public PipelineStoppedException Fail(ErrorRecord record)
    {
        _failure ??= record;
        return new PipelineStoppedException();
    }

    public void ThrowIfStopping()
    {
        if (_stopping || _failure is not null) throw new PipelineStoppedException();
    }
}

/// <summary>One command at work in a pipeline.</summary>
internal sealed class CommandProcessor
{
    private readonly CommandCall _call;
    private readonly ParameterBinder _binder;

    public CommandProcessor(Pipeline pipeline, CommandCall call, int position, int length, bool expectingInput, CommandProcessor? next)
    {
        _call = call;
        var invocation = new InvocationInfo
        { MyCommand = call.Command, InvocationName = call.InvokedAs, PipelinePosition = position, PipelineLength = length, ExpectingInput = expectingInput };
        CommonParameters common = call.Command.Cmdlet.SupportsShouldProcess ? new ShouldProcessParameters() : new CommonParameters();
        Cmdlet = (Cmdlet)Activator.CreateInstance(call.Command.ImplementingType)!;
        Cmdlet.CommandRuntime = new CommandRuntime(pipeline, invocation, common) { Next = next };
        _binder = new ParameterBinder(call.Command, Cmdlet, common, invocation);
    }

    public Cmdlet Cmdlet { get; }
    private CommandRuntime Runtime => Cmdlet.CommandRuntime;

    public void Bind()
    {
        try
        {
            _binder.BindCommandLine(_call.Arguments);
            Runtime.ParameterSetName = _binder.ParameterSetName;
        }
        catch (ParameterBindingException e)
        {
            e.ErrorRecord.From(Runtime.Invocation);
            throw;
        }
    }

    public void ProcessOnce() => Guard(Cmdlet.InvokeProcess);

    public void Process(object? input)
    {
        Runtime.Pipeline.ThrowIfStopping();
        try
        {
            _binder.BindPipeline(input);
            Runtime.ParameterSetName = _binder.ParameterSetName;
        }
        catch (ParameterBindingException e)
        {
            Runtime.Error(new ErrorRecord(e, e.Id, e.Category, input));
            return;
        }
        Guard(Cmdlet.InvokeProcess);
    }

    /// <summary>Runs a part of the command; an exception it lets out ends the pipeline.</summary>
    public void Guard(Action step)
    {
        Runtime.Pipeline.ThrowIfStopping();
        try
        {
            step();
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            // stopping is the reason whatever the command makes of it
            Runtime.Pipeline.ThrowIfStopping();
            throw Runtime.Fail((e as IContainsErrorRecord)?.ErrorRecord ?? new ErrorRecord(e, e.GetType().FullName!, ErrorCategory.NotSpecified, null));
        }
        Runtime.Pipeline.ThrowIfStopping();
    }
}
