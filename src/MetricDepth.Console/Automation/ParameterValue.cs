using System.Collections;

namespace System.Management.Automation;

/// <summary>Makes of an argument what a parameter takes: converted, then checked.</summary>
internal static class ParameterValue
{
    public static object? Make(CommandParameter parameter, object? argument)
    {
        bool mandatory = parameter.MaskWhere(a => a.Mandatory) != 0;
        // before conversion makes a zero of it
        if (mandatory && (argument is ShellWord word ? word.For(parameter.Type) : argument) is null) CheckMandatory(parameter, null);
        object? value = Convert(parameter, argument);
        if (mandatory) CheckMandatory(parameter, value);
        foreach (var check in parameter.Attributes.OfType<ValidateArgumentsAttribute>())
            try
            {
                check.Check(value);
            }
            catch (Exception e) when (e is ValidationMetadataException or PSInvalidCastException)
            {
                throw BindingErrors.NotValid(parameter, e);
            }
        return value;
    }

    private static object? Convert(CommandParameter parameter, object? value)
    {
        try
        {
            if (LanguagePrimitives.TryFit(value, parameter.Type, out object fits)) return fits;
            object? bare = value is ShellWord w ? w.For(parameter.Type) : PSObject.Bare(value);
            if (bare is IEnumerable and not string && LanguagePrimitives.ElementType(parameter.Type) is null)
                throw BindingErrors.WrongKind(parameter, typeof(object[]), "Specified method is not supported.");
            if (bare is string && (parameter.IsSwitch || parameter.Type == typeof(bool)))
                throw BindingErrors.WrongKind(parameter, typeof(string), "");
            return bare is null && !parameter.Type.IsValueType ? null : LanguagePrimitives.ConvertTo(value is PSObject ? value : bare!, parameter.Type);
        }
        catch (PSInvalidCastException e)
        {
            throw BindingErrors.NotConverted(parameter, e);
        }
    }

    private static void CheckMandatory(CommandParameter parameter, object? value)
    {
        bool allowsNull = parameter.Has<AllowNullAttribute>();
        object?[] elements = value is IEnumerable list and not string ? [.. list.Cast<object?>()] : [value];
        if (elements.Length == 0) throw BindingErrors.NotAllowed(parameter, "EmptyArray", "an empty array");
        if (elements.Contains(null) && !allowsNull) throw BindingErrors.NotAllowed(parameter, "Null", "null");
        if (elements.Contains("")) throw BindingErrors.NotAllowed(parameter, "EmptyString", "an empty string");
    }
}
