namespace System.Management.Automation;

/// <summary>
/// A word as bash passes it on: quotes are gone, so only the parameter it is for can tell a list, a constant or plain text.
/// </summary>
internal sealed record ShellWord(string Text)
{
    /// <summary>The value PowerShell's parser would have made of the word where a <paramref name="type"/> is wanted.</summary>
    public object? For(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        bool flag = type == typeof(bool) || type == typeof(SwitchParameter);
        if (Is("$true") || (flag && Is("true"))) return true;
        if (Is("$false") || (flag && Is("false"))) return false;
        if (Is("$null")) return null;
        if (flag) return int.TryParse(Text, out int number) ? number : Text;
        bool list = LanguagePrimitives.ElementType(type) is not null;
        // a comma makes a list, but files may have one in their name; plain text keeps it
        return Text.Contains(',', StringComparison.Ordinal) && (list ? !IO.Path.Exists(Text) : LanguagePrimitives.IsNumber(type) || type.IsEnum)
            ? Text.Split(',', StringSplitOptions.TrimEntries).Select(t => new ShellWord(t)).ToArray()
            : Text;
    }

    public override string ToString() => Text;

    private bool Is(string constant) => Text.Equals(constant, StringComparison.OrdinalIgnoreCase);
}
