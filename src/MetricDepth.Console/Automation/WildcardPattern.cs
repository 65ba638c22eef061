using System.Text;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

[Flags]
public enum WildcardOptions { None = 0, Compiled = 1, IgnoreCase = 2, CultureInvariant = 4 }

/// <summary><c>*</c>, <c>?</c> and <c>[a-z]</c>; a backtick takes the next character as it is.</summary>
public sealed class WildcardPattern(string pattern, WildcardOptions options)
{
    private readonly Regex _regex = new(ToRegex(pattern), RegexOptions.Singleline | RegexOptions.CultureInvariant
        | ((options & WildcardOptions.IgnoreCase) != 0 ? RegexOptions.IgnoreCase : RegexOptions.None));

    public WildcardPattern(string pattern) : this(pattern, WildcardOptions.None) { }

    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);
    public bool IsMatch(string input) => input is not null && _regex.IsMatch(input);

    public static bool ContainsWildcardCharacters(string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
            if (pattern[i] == '`') i++;
            else if (pattern[i] is '*' or '?' or '[') return true;
        return false;
    }

    public static string Escape(string pattern) => Regex.Replace(pattern, @"[*?\[\]`]", "`$0");

    public static string Unescape(string pattern) => Regex.Replace(pattern, "`([*?\\[\\]`])", "$1");

    private static string ToRegex(string pattern)
    {
        var text = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (pattern[i] == '`' && i + 1 < pattern.Length) text.Append(Regex.Escape(pattern[++i].ToString()));
            else if (pattern[i] == '*') text.Append(".*");
            else if (pattern[i] == '?') text.Append('.');
            else if (end > i + 1)
            {
                text.Append('[').Append(pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("^", "\\^", StringComparison.Ordinal)).Append(']');
                i = end;
            }
            else text.Append(Regex.Escape(pattern[i].ToString()));
        }
        return text.Append("$(?!\n)").ToString();
    }
}
