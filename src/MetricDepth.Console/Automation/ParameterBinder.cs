using System.Reflection;

namespace System.Management.Automation;

/// <summary>
/// Gives a command's parameters their values, as about_Parameter_Binding has it: by name, by position, then from each pipeline
/// object; every value bound rules out the parameter sets its parameter is not in.
/// </summary>
internal sealed class ParameterBinder(CommandInfo command, Cmdlet cmdlet, CommonParameters common, InvocationInfo invocation)
{
    private readonly HashSet<CommandParameter> _bound = [];
    private readonly Dictionary<CommandParameter, object?> _fromPipeline = [];
    private uint _valid = command.AllSets, _commandLineSets;

    public string ParameterSetName { get; private set; } = ParameterAttribute.AllParameterSets;

    private IEnumerable<CommandParameter> Unbound => command.Parameters.Where(p => !_bound.Contains(p));

    public void BindCommandLine(IReadOnlyList<object?> arguments)
    {
        var positional = new Queue<object?>();
        // all names are read before the first value is bound
        foreach (var (parameter, value) in Named(arguments, positional).ToList())
        {
            if (_bound.Contains(parameter)) throw BindingErrors.AlreadyBound(parameter);
            Bind(parameter, value);
        }
        if (_valid == 0) throw BindingErrors.AmbiguousSet();
        BindPositional(positional);
        try
        {
            _commandLineSets = _valid = Resolve(fromPipelineToCome: invocation.ExpectingInput, BindingErrors.MissingMandatory);
        }
        catch (ParameterBindingException e) when (e.Id == BindingErrors.MissingMandatoryId && positional.Count > 0)
        {
            // the word too many is said before what is missing
        }
        if (positional.Count > 0) throw BindingErrors.TooManyWords(positional.Peek());
    }

    public void BindPipeline(object? input)
    {
        foreach (var (parameter, original) in _fromPipeline)
        {
            parameter.Property.SetValue(cmdlet, original);
            _bound.Remove(parameter);
            invocation.BoundParameters.Remove(parameter.Name);
        }
        _fromPipeline.Clear();
        _valid = _commandLineSets;
        bool any = false;
        foreach (var (byValue, coerce) in new[] { (true, false), (false, false), (true, true), (false, true) })
        {
            // the default set goes first, and where it takes something the others get nothing in this round
            bool taken = (_valid & command.DefaultSet) != 0 && BindFrom(input, byValue, coerce, command.DefaultSet);
            any |= taken || BindFrom(input, byValue, coerce, _valid & ~command.DefaultSet);
        }
        if (!any) throw BindingErrors.ObjectNotBound();
        _valid = Resolve(fromPipelineToCome: false, BindingErrors.ObjectMissesMandatory);
    }

    // ---- command line ----

    /// <summary>Splits words into names with values, and the positional rest.</summary>
    private IEnumerable<(CommandParameter Parameter, object? Value)> Named(IReadOnlyList<object?> arguments, Queue<object?> positional)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is ShellWord { Text: "--" })
            {
                foreach (object? rest in arguments.Skip(i + 1)) positional.Enqueue(rest);
                yield break;
            }
            if (!IsName(arguments[i], out string name, out string? inline))
            {
                positional.Enqueue(arguments[i]);
                continue;
            }
            var parameter = Find(name);
            bool last = i + 1 == arguments.Count || arguments[i + 1] is ShellWord { Text: "--" }
                || (inline is null && IsName(arguments[i + 1], out string next, out _) && Matches(next).Count > 0);
            if (inline is { Length: > 0 }) yield return (parameter, new ShellWord(inline));
            else if (inline is null && parameter.IsSwitch) yield return (parameter, true);
            else if (last) throw BindingErrors.MissingArgument(parameter);
            else yield return (parameter, arguments[++i]);
        }
    }

    /// <summary>Whether a word is <c>-Name</c>, <c>-Name:</c> or <c>-Name:value</c>; <c>-5</c> and <c>-</c> are values.</summary>
    private static bool IsName(object? word, out string name, out string? value)
    {
        (name, value) = ("", null);
        if (word is not ShellWord { Text: ['-', var first, ..] text } || !(char.IsLetter(first) || first is '_' or '?')) return false;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        (name, value) = colon < 0 ? (text[1..], null) : (text[1..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>The parameter of this name or alias, else the only one that begins with it; an own one before a common one.</summary>
    private CommandParameter Find(string name)
    {
        var exact = command.Parameters.FirstOrDefault(p => p.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (exact is not null) return exact;
        var matches = Matches(name);
        var own = matches.Where(p => !p.IsCommon).ToList();
        if (matches.Count == 0) throw BindingErrors.UnknownName(name);
        if (matches.Count == 1 || own.Count == 1) return own.Count == 1 ? own[0] : matches[0];
        throw BindingErrors.AmbiguousName(name, matches);
    }

    private List<CommandParameter> Matches(string prefix) => [.. command.Parameters
        .Where(p => p.Names.Any(n => n.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(p => !p.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];

    private void BindPositional(Queue<object?> values)
    {
        var positions = Unbound.SelectMany(p => p.Positions).Distinct().Order();
        foreach (int position in positions.ToList())
        {
            if (values.Count == 0) return;
            if (TryBindAt(position, values.Peek())) values.Dequeue();
        }
        var rest = Unbound.FirstOrDefault(p => (p.MaskWhere(a => a.ValueFromRemainingArguments) & _valid) != 0);
        if (values.Count == 0 || rest is null) return;
        Bind(rest, values.Count == 1 ? values.Peek() : values.ToArray());
        values.Clear();
    }

    /// <summary>Tries the parameters at a position: as the value is, then with conversion; the default set's before others'.</summary>
    private bool TryBindAt(int position, object? value)
    {
        ParameterBindingException? refused = null;
        foreach (bool coerce in new[] { false, true })
            foreach (uint set in new[] { command.DefaultSet & _valid, _valid & ~command.DefaultSet })
                foreach (var p in Unbound.Where(p => (p.MaskAt(position) & set) != 0).ToList())
                {
                    if (!coerce && !LanguagePrimitives.TryFit(value, p.Type, out _)) continue;
                    try
                    {
                        Bind(p, value);
                        return true;
                    }
                    catch (ParameterBindingException e) when (e is not ParameterBindingValidationException)
                    {
                        refused ??= e;
                    }
                }
        return refused is null ? false : throw refused;
    }

    // ---- pipeline ----

    private bool BindFrom(object? input, bool byValue, bool coerce, uint sets)
    {
        bool any = false;
        bool Takes(ParameterAttribute a) => byValue ? a.ValueFromPipeline : a.ValueFromPipelineByPropertyName;
        foreach (var p in Unbound.Where(p => (p.MaskWhere(Takes) & sets & _valid) != 0).ToList())
        {
            object? value = input;
            if (!byValue)
            {
                if (input is null) continue;
                var properties = PSObject.AsPSObject(input).Properties;
                if (p.Names.Select(n => properties[n]).FirstOrDefault(found => found is not null) is not { } property) continue;
                value = property.Value;
            }
            if (!coerce && !LanguagePrimitives.TryFit(value, p.Type, out _)) continue;
            object? original = p.Property.GetValue(cmdlet);
            try
            {
                Bind(p, value);
            }
            catch (ParameterBindingException e) when (e is not ParameterBindingValidationException)
            {
                continue; // another parameter may take it
            }
            _fromPipeline[p] = original;
            any = true;
        }
        return any;
    }

    // ---- sets ----

    /// <summary>The sets that can run with what is bound: one, or several while the pipeline has yet to decide.</summary>
    private uint Resolve(bool fromPipelineToCome, Func<IEnumerable<CommandParameter>, Exception> missing)
    {
        var sets = command.Sets.Select(command.MaskOf).Where(s => (s & _valid) != 0).ToList();
        List<CommandParameter> Missing(uint set) => [.. Unbound.Where(p => (p.MaskWhere(a => a.Mandatory) & set) != 0
            && !(fromPipelineToCome && (p.MaskWhere(a => a.ValueFromPipeline || a.ValueFromPipelineByPropertyName) & set) != 0))];
        var ready = sets.Where(s => Missing(s).Count == 0).ToList();
        uint preferred = (command.DefaultSet & _valid) != 0 ? command.DefaultSet : sets.Count == 1 ? sets[0] : 0;
        if (ready.Count == 0 && preferred != 0) throw missing(Missing(preferred));
        uint chosen = ready.Count == 1 ? ready[0] : ready.Contains(preferred) ? preferred : 0;
        if (ready.Count == 0 || (chosen == 0 && !fromPipelineToCome)) throw BindingErrors.AmbiguousSet();
        if (chosen != 0) ParameterSetName = command.Sets[Numerics.BitOperations.TrailingZeroCount(chosen)];
        return fromPipelineToCome ? ready.Aggregate(0u, (mask, s) => mask | s) : chosen;
    }

    // ---- one value ----

    private void Bind(CommandParameter parameter, object? value)
    {
        value = ParameterValue.Make(parameter, value);
        try
        {
            parameter.Property.SetValue(parameter.IsCommon ? common : cmdlet, value);
        }
        catch (TargetInvocationException e)
        {
            throw BindingErrors.SetterFailed(parameter, e.InnerException!);
        }
        _valid &= parameter.Mask;
        _bound.Add(parameter);
        invocation.BoundParameters[parameter.Name] = value;
    }
}
