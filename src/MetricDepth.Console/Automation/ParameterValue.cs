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
                throw new ParameterBindingValidationException($"Cannot validate argument on parameter '{parameter.Name}'. {e.Message}")
                { Id = "ParameterArgumentValidationError", Category = ErrorCategory.InvalidData };
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
                throw Refused("CannotConvertArgument", $"Cannot convert 'System.Object[]' to the type '{parameter.Type}' required by parameter '{parameter.Name}'. Specified method is not supported.");
            if (bare is string && (parameter.IsSwitch || parameter.Type == typeof(bool)))
                throw Refused("CannotConvertArgument", $"Cannot convert 'System.String' to the type '{parameter.Type}' required by parameter '{parameter.Name}'. ");
            return bare is null && !parameter.Type.IsValueType ? null : LanguagePrimitives.ConvertTo(value is PSObject ? value : bare!, parameter.Type);
        }
        catch (PSInvalidCastException e)
        {
            throw Refused("CannotConvertArgumentNoMessage", $"Cannot bind parameter '{parameter.Name}'. {e.Message}", e);
        }
    }

    private static void CheckMandatory(CommandParameter parameter, object? value)
    {
        bool allowsNull = parameter.Has<AllowNullAttribute>();
        object?[] elements = value is IEnumerable list and not string ? [.. list.Cast<object?>()] : [value];
        if (elements.Length == 0) throw Invalid("EmptyArray", "an empty array");
        if (elements.Contains(null) && !allowsNull) throw Invalid("Null", "null");
        if (elements.Contains("")) throw Invalid("EmptyString", "an empty string");

        ParameterBindingValidationException Invalid(string id, string what) => new($"Cannot bind argument to parameter '{parameter.Name}' because it is {what}.")
        { Id = $"ParameterArgumentValidationError{id}NotAllowed", Category = ErrorCategory.InvalidData };
    }

    private static ParameterBindingException Refused(string id, string message, Exception? inner = null) =>
        new(message, inner) { Id = id, Category = ErrorCategory.InvalidArgument };
}
