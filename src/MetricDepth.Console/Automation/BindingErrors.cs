namespace System.Management.Automation;

/// <summary>What can be wrong with a command's words, in PowerShell's wording and under its ids.</summary>
internal static class BindingErrors
{
    public const string MissingMandatoryId = "MissingMandatoryParameter";

    public static ParameterBindingException AmbiguousSet() => Usage("AmbiguousParameterSet",
        "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together "
        + "or an insufficient number of parameters were provided.");

    public static ParameterBindingException AlreadyBound(CommandParameter parameter) => Usage("ParameterAlreadyBound",
        $"Cannot bind parameter because parameter '{parameter.Name}' is specified more than once. To provide multiple values to "
        + "parameters that can accept multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\".");

    public static ParameterBindingException UnknownName(string name) => Usage("NamedParameterNotFound",
        $"A parameter cannot be found that matches parameter name '{name}'.");

    public static ParameterBindingException AmbiguousName(string name, IEnumerable<CommandParameter> matches) => Usage("AmbiguousParameter",
        $"Parameter cannot be processed because the parameter name '{name}' is ambiguous. "
        + $"Possible matches include:{string.Concat(matches.Select(p => " -" + p.Name))}.");

    public static ParameterBindingException MissingArgument(CommandParameter parameter) => Usage("MissingArgument",
        $"Missing an argument for parameter '{parameter.Name}'. Specify a parameter of type '{parameter.Type}' and try again.");

    public static ParameterBindingException TooManyWords(object? word) => Usage("PositionalParameterNotFound",
        $"A positional parameter cannot be found that accepts argument '{word}'.");

    public static ParameterBindingException MissingMandatory(IEnumerable<CommandParameter> missing) => Usage(MissingMandatoryId,
        $"Cannot process command because of one or more missing mandatory parameters: {string.Join(' ', missing.Select(p => p.Name))}.");

    public static ParameterBindingException ObjectMissesMandatory(IEnumerable<CommandParameter> missing) => Usage("InputObjectMissingMandatory",
        "The input object cannot be bound because it did not contain the information required to bind all mandatory parameters:  "
        + string.Join(' ', missing.Select(p => p.Name)));

    public static ParameterBindingException ObjectNotBound() => Usage("InputObjectNotBound",
        "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input "
        + "or the input and its properties do not match any of the parameters that take pipeline input.");

    public static ParameterBindingException SetterFailed(CommandParameter parameter, Exception cause) => Usage("ParameterBindingFailed",
        $"Cannot bind parameter '{parameter.Name}' to the target. Exception setting \"{parameter.Name}\": \"{cause.Message}\"");

    public static ParameterBindingException NotConverted(CommandParameter parameter, Exception cause) => Usage("CannotConvertArgumentNoMessage",
        $"Cannot bind parameter '{parameter.Name}'. {cause.Message}");

    public static ParameterBindingException WrongKind(CommandParameter parameter, Type given, string why) => Usage("CannotConvertArgument",
        $"Cannot convert '{given}' to the type '{parameter.Type}' required by parameter '{parameter.Name}'. {why}");

    public static ParameterBindingException NotAllowed(CommandParameter parameter, string kind, string what) => Invalid(
        $"ParameterArgumentValidationError{kind}NotAllowed", $"Cannot bind argument to parameter '{parameter.Name}' because it is {what}.");

    public static ParameterBindingException NotValid(CommandParameter parameter, Exception cause) => Invalid(
        "ParameterArgumentValidationError", $"Cannot validate argument on parameter '{parameter.Name}'. {cause.Message}");

    private static ParameterBindingException Usage(string id, string message) => new(message) { Id = id, Category = ErrorCategory.InvalidArgument };

    private static ParameterBindingValidationException Invalid(string id, string message) => new(message) { Id = id, Category = ErrorCategory.InvalidData };
}
