#nullable disable
using System.Collections;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ValidateArgumentsAttribute : CmdletMetadataAttribute
{
    protected abstract void Validate(object arguments, EngineIntrinsics engineIntrinsics);
    internal void Check(object arguments) => Validate(arguments, null);

    private protected const string NullInside = "The argument is null, empty, or an element of the argument collection contains a null value. "
        + "Supply a collection that does not contain any null values and then try the command again.";

    private protected static ValidationMetadataException Failed(string message) => new(message);
}

/// <summary>Checks each element of a collection by itself.</summary>
public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    protected abstract void ValidateElement(object element);

    protected sealed override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null) throw Failed(NullInside);
        if (arguments is string or not IEnumerable) ValidateElement(PSObject.Bare(arguments));
        else
            foreach (object element in (IEnumerable)arguments)
                ValidateElement(PSObject.Bare(element) ?? throw Failed(NullInside));
    }
}

public sealed class ValidateRangeAttribute(object minRange, object maxRange) : ValidateEnumeratedArgumentsAttribute
{
    public object MinRange => minRange;
    public object MaxRange => maxRange;

    protected override void ValidateElement(object element)
    {
        object value = LanguagePrimitives.ConvertTo(element, minRange.GetType());
        string given = LanguagePrimitives.ToText(element), min = LanguagePrimitives.ToText(minRange), max = LanguagePrimitives.ToText(maxRange);
        if (((IComparable)minRange).CompareTo(value) > 0)
            throw Failed($"The {given} argument is less than the minimum allowed range of {min}. "
                + $"Supply an argument that is greater than or equal to {min} and then try the command again.");
        if (((IComparable)maxRange).CompareTo(value) < 0)
            throw Failed($"The {given} argument is greater than the maximum allowed range of {max}. "
                + $"Supply an argument that is less than or equal to {max} and then try the command again.");
    }
}

public sealed class ValidateSetAttribute(params string[] validValues) : ValidateEnumeratedArgumentsAttribute
{
    public IList<string> ValidValues => validValues;
    public bool IgnoreCase { get; set; } = true;

    protected override void ValidateElement(object element)
    {
        var comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        string given = LanguagePrimitives.ToText(element);
        if (!validValues.Any(v => v.Equals(given, comparison)))
            throw Failed($"The argument \"{given}\" does not belong to the set \"{string.Join(',', validValues)}\" "
                + $"specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.");
    }
}

public sealed class ValidatePatternAttribute(string regexPattern) : ValidateEnumeratedArgumentsAttribute
{
    public string RegexPattern => regexPattern;
    public RegexOptions Options { get; set; } = RegexOptions.IgnoreCase;

    protected override void ValidateElement(object element)
    {
        string given = LanguagePrimitives.ToText(element);
        if (!Regex.IsMatch(given, regexPattern, Options))
            throw Failed($"The argument \"{given}\" does not match the \"{regexPattern}\" pattern. "
                + $"Supply an argument that matches \"{regexPattern}\" and try the command again.");
    }
}

public sealed class ValidateCountAttribute(int minLength, int maxLength) : ValidateArgumentsAttribute
{
    public int MinLength => minLength;
    public int MaxLength => maxLength;

    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        int count = arguments is null ? 0 : arguments is string or not IEnumerable ? 1 : ((IEnumerable)arguments).Cast<object>().Count();
        if (count >= minLength && count <= maxLength) return;
        throw minLength == maxLength
            ? Failed($"The parameter requires exactly {minLength} value(s) - {count} value(s) were provided.")
            : Failed($"The parameter requires at least {minLength} value(s) and no more than {maxLength} value(s) - {count} value(s) were provided.");
    }
}

public sealed class ValidateNotNullAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null or (not string and IEnumerable) && ((IEnumerable)arguments)?.Cast<object>().All(e => e is not null) != true)
            throw Failed("The argument is null. Provide a valid value for the argument, and then try running the command again.");
    }
}

public sealed class ValidateNotNullOrEmptyAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null or "" || (arguments is IEnumerable list and not string && !list.Cast<object>().Any()))
            throw Failed("The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.");
        if (arguments is IEnumerable elements and not string && elements.Cast<object>().Any(e => e is null or ""))
            throw Failed(NullInside);
    }
}
