using System.Reflection;

namespace System.Management.Automation;

/// <summary>What a command's class declares.</summary>
public sealed class CommandInfo
{
    private CommandInfo(Type type, CmdletAttribute cmdlet)
    {
        (ImplementingType, Cmdlet) = (type, cmdlet);
        Aliases = [.. type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []];
        var common = cmdlet.SupportsShouldProcess ? typeof(ShouldProcessParameters) : typeof(CommonParameters);
        var properties = type.GetProperties()
            .Concat(common.GetProperties().OrderBy(p => p.DeclaringType != typeof(CommonParameters)))
            .Where(p => p.IsDefined(typeof(ParameterAttribute))).ToList();
        Sets = [.. properties.SelectMany(p => p.GetCustomAttributes<ParameterAttribute>()).Select(p => p.ParameterSetName)
            .Append(cmdlet.DefaultParameterSetName).Where(s => s is not null and not ParameterAttribute.AllParameterSets)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        if (Sets.Count == 0) Sets = [ParameterAttribute.AllParameterSets];
        Parameters = [.. properties.Select(p => new CommandParameter(p, this))];
    }

    public string Name => Cmdlet.VerbName + "-" + Cmdlet.NounName;
    internal Type ImplementingType { get; }
    internal CmdletAttribute Cmdlet { get; }
    internal IReadOnlyList<string> Aliases { get; }
    /// <summary>The parameter sets; bit i of a mask stands for set i.</summary>
    internal IReadOnlyList<string> Sets { get; }
    internal IReadOnlyList<CommandParameter> Parameters { get; }
    internal uint AllSets => uint.MaxValue >> (32 - Sets.Count);
    internal uint DefaultSet => MaskOf(Cmdlet.DefaultParameterSetName);

    internal uint MaskOf(string? set)
    {
        for (int i = 0; i < Sets.Count; i++)
            if (Sets[i].Equals(set, StringComparison.OrdinalIgnoreCase)) return 1u << i;
        return 0;
    }

    internal static IEnumerable<CommandInfo> In(Assembly assembly) =>
        from type in assembly.GetTypes()
        where !type.IsAbstract && type.IsSubclassOf(typeof(Cmdlet))
        let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
        where cmdlet is not null
        select new CommandInfo(type, cmdlet);
}

internal sealed class CommandParameter
{
    private readonly List<(uint Mask, ParameterAttribute Attribute)> _sets = [];

    internal CommandParameter(PropertyInfo property, CommandInfo command)
    {
        Property = property;
        Attributes = [.. property.GetCustomAttributes()];
        Aliases = [.. Attributes.OfType<AliasAttribute>().SelectMany(a => a.AliasNames)];
        foreach (var a in Attributes.OfType<ParameterAttribute>())
            _sets.Add((a.ParameterSetName == ParameterAttribute.AllParameterSets ? command.AllSets : command.MaskOf(a.ParameterSetName), a));
    }

    internal PropertyInfo Property { get; }
    internal string Name => Property.Name;
    internal Type Type => Property.PropertyType;
    internal IReadOnlyList<string> Aliases { get; }
    internal IReadOnlyList<Attribute> Attributes { get; }
    internal bool IsCommon => typeof(CommonParameters).IsAssignableFrom(Property.DeclaringType);
    internal bool IsSwitch => Type == typeof(SwitchParameter);
    internal uint Mask => _sets.Aggregate(0u, (mask, s) => mask | s.Mask);

    internal uint MaskWhere(Func<ParameterAttribute, bool> holds) => _sets.Aggregate(0u, (mask, s) => holds(s.Attribute) ? mask | s.Mask : mask);
    internal bool Has<T>() where T : Attribute => Attributes.Any(a => a is T);
    internal IEnumerable<string> Names => Aliases.Prepend(Name);

    internal IEnumerable<int> Positions => _sets.Where(s => IsPositional(s.Attribute)).Select(s => s.Attribute.Position);

    /// <summary>The sets in which the parameter stands at a position.</summary>
    internal uint MaskAt(int position) => MaskWhere(a => IsPositional(a) && a.Position == position);

    /// <summary>The position in the given set, or null when it is not positional there.</summary>
    internal int? PositionIn(uint set) =>
        _sets.Where(s => (s.Mask & set) != 0 && IsPositional(s.Attribute)).Select(s => (int?)s.Attribute.Position).FirstOrDefault();

    private static bool IsPositional(ParameterAttribute a) => a.Position != int.MinValue && !a.ValueFromRemainingArguments;
}
