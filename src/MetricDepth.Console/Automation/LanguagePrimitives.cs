#nullable disable
using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

/// <summary>PowerShell's conversions: always invariant, enum names by unambiguous prefix, one value where a list is wanted.</summary>
public static partial class LanguagePrimitives
{
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.Static;

    public static object ConvertTo(object valueToConvert, Type resultType)
    {
        if (resultType.IsInstanceOfType(valueToConvert)) return valueToConvert is ShellWord text ? text.For(resultType) : valueToConvert;
        if (resultType == typeof(PSObject)) return PSObject.AsPSObject(valueToConvert);
        object value = PSObject.Bare(valueToConvert);
        if (value is ShellWord word) value = word.For(resultType);
        if (Nullable.GetUnderlyingType(resultType) is { } underlying) return value is null ? null : ConvertTo(value, underlying);
        if (resultType.IsInstanceOfType(value)) return value;
        if (resultType == typeof(string)) return value is PSCustomObject ? valueToConvert.ToString() : ToText(value);
        if (value is null) return FromNull(resultType);
        if (resultType == typeof(SwitchParameter)) return new SwitchParameter(ToBool(value));
        if (resultType == typeof(bool)) return ToBool(value);
        if (ElementType(resultType) is { } element) return ToArray(value is PSCustomObject ? valueToConvert : value, element);
        try
        {
            if (resultType.IsEnum) return ToEnum(value, resultType);
            if (IsNumber(resultType))
                return Convert.ChangeType(value is string digits ? ParseNumber(digits) : value, resultType, CultureInfo.InvariantCulture);
            return FromType(value, resultType);
        }
        catch (Exception e) when (e is not PSInvalidCastException)
        {
            throw Cannot(value, resultType, e is TargetInvocationException { InnerException: { } cause } ? cause : e);
        }
    }

    /// <summary>The value as it is where its type already fits, or as a list of one; false where it would have to be converted.</summary>
    internal static bool TryFit(object candidate, Type type, out object result)
    {
        result = candidate is ShellWord word ? word.For(type) : type == typeof(PSObject) ? candidate as PSObject : PSObject.Bare(candidate);
        if (result is ShellWord[] words) result = words.Select(w => w.Text).ToArray();
        if (result is null) return false;
        if (type.IsInstanceOfType(result) || Nullable.GetUnderlyingType(type)?.IsInstanceOfType(result) == true) return true;
        if (ElementType(type) is not { } element) return false;
        object[] items = result is IEnumerable list and not string ? [.. list.Cast<object>()] : [result];
        if (!element.IsInstanceOfType(result) && !items.All(i => element.IsInstanceOfType(PSObject.Bare(i)))) return false;
        result = ToArray(result, element);
        return true;
    }

    /// <summary>What a list holds; null for a type that takes one value.</summary>
    internal static Type ElementType(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsInterface && type.IsGenericType && type.GetGenericArguments() is [var one] && type.IsAssignableFrom(one.MakeArrayType()) ? one
        : null;

    internal static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal && !type.IsEnum;

    /// <summary>Text as PowerShell would insert it: invariant.</summary>
    internal static string ToText(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static bool ToBool(object value) => value switch
    {
        bool b => b,
        SwitchParameter s => s.IsPresent,
        _ when IsNumber(value.GetType()) => Convert.ToDouble(value, CultureInfo.InvariantCulture) != 0,
        _ => throw new PSInvalidCastException(
            $"Cannot convert value \"{value.GetType()}\" to type \"System.Boolean\". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0."),
    };

    private static object FromNull(Type type) =>
        !type.IsValueType ? null
        : !type.IsEnum ? Activator.CreateInstance(type)
        : throw NoSuchValue("null", type);

    private static PSInvalidCastException NoSuchValue(string value, Type type) => new(
        $"Cannot convert {value} to type \"{type}\" due to enumeration values that are not valid. Specify one of the following "
        + $"enumeration values and try again. The possible enumeration values are \"{string.Join(',', Enum.GetNames(type))}\".");

    private static Array ToArray(object value, Type element)
    {
        object[] items = value is IEnumerable list and not string ? [.. list.Cast<object>()] : [value];
        var array = Array.CreateInstance(element, items.Length);
        for (int i = 0; i < items.Length; i++) array.SetValue(ConvertTo(items[i], element), i);
        return array;
    }

    private static object ToEnum(object value, Type type)
    {
        bool flags = type.IsDefined(typeof(FlagsAttribute));
        string text = ToText(value).Trim();
        if (value is not string || long.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            object number = Enum.ToObject(type, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            return flags || Enum.IsDefined(type, number) ? number : throw NoSuchValue($"value \"{text}\"", type);
        }
        long result = 0;
        foreach (string part in flags ? text.Split(',', StringSplitOptions.TrimEntries) : [text])
        {
            string[] matches = [.. Enum.GetNames(type).Where(n => n.StartsWith(part, StringComparison.OrdinalIgnoreCase))];
            string name = matches.FirstOrDefault(n => n.Equals(part, StringComparison.OrdinalIgnoreCase)) ?? (matches.Length == 1 ? matches[0] : null);
            if (name is null)
                throw Cannot(value, type, new FormatException(matches.Length == 0
                    ? $"Unable to match the identifier name {part} to a valid enumerator name. Specify one of the following enumerator "
                        + $"names and try again:{Environment.NewLine}{string.Join(", ", Enum.GetNames(type))}"
                    : $"The identifier name {part} cannot be processed because it is either too similar or identical to the following "
                        + $"enumerator names: {string.Join(", ", matches)}. Use a more specific identifier name."));
            result |= Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture);
        }
        return Enum.ToObject(type, result);
    }

    [GeneratedRegex(@"^\s*(?<number>[-+]?(0x[0-9a-f]+|[\d.,]+(e[-+]?\d+)?))(?<type>[ld]?)(?<unit>[kmgtp]b)?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex NumberLiteral { get; }

    private static object ParseNumber(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return 0;
        var match = NumberLiteral.Match(text);
        if (!match.Success) return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        string number = match.Groups["number"].Value;
        double scale = match.Groups["unit"].Value is { Length: 2 } unit ? Math.Pow(1024, "kmgtp".IndexOf(char.ToLowerInvariant(unit[0])) + 1) : 1;
        if (number.Contains('x', StringComparison.OrdinalIgnoreCase))
            return long.Parse(number.AsSpan(number.IndexOfAny(['x', 'X']) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) * (number[0] == '-' ? -scale : scale);
        return scale == 1 && long.TryParse(number, NumberStyles.Integer | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long whole)
            ? whole
            : ParseReal(number, text) * scale;
    }

    private static double ParseReal(string number, string text) =>
        double.TryParse(number, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out double real)
            ? real : throw new FormatException($"The input string '{text}' was not in a correct format.");

    /// <summary>What the type itself offers: a converter, Parse, a constructor of one argument, a cast.</summary>
    private static object FromType(object value, Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        if (converter.CanConvertFrom(value.GetType())) return converter.ConvertFrom(null, CultureInfo.InvariantCulture, value);
        if (value is string && type.GetMethod("Parse", Static, [typeof(string), typeof(IFormatProvider)]) is { } parse)
            return parse.Invoke(null, [value, CultureInfo.InvariantCulture]);
        if (value is string && type.GetMethod("Parse", Static, [typeof(string)]) is { } plain) return plain.Invoke(null, [value]);
        if (type.GetConstructor([value.GetType()]) is { } constructor) return constructor.Invoke([value]);
        var cast = new[] { type, value.GetType() }.SelectMany(t => t.GetMethods(Static)).FirstOrDefault(m =>
            m.Name is "op_Implicit" or "op_Explicit" && m.ReturnType == type && m.GetParameters()[0].ParameterType.IsInstanceOfType(value));
        if (cast is not null) return cast.Invoke(null, [value]);
        throw new PSInvalidCastException($"Cannot convert the \"{ToText(value)}\" value of type \"{value.GetType()}\" to type \"{type}\".");
    }

    private static PSInvalidCastException Cannot(object value, Type type, Exception cause) =>
        new($"Cannot convert value \"{ToText(value)}\" to type \"{type}\". Error: \"{cause.Message}\"", cause);
}
