namespace MetricDepth.Inference.Models;

/// <summary>What somebody who misspelled a name may have meant.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <summary>The most similar names, the most similar first; none that is quite another.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known)
    {
        string plain = Plain(name);
        if (plain.Length == 0) return [];
        return [.. known
            .Select(candidate => (candidate, distance: Distance(plain, Plain(candidate))))
            .Where(c => c.distance <= Math.Max(2, plain.Length / 3) || Plain(c.candidate).Contains(plain, StringComparison.Ordinal))
            .OrderBy(c => c.distance).ThenBy(c => c.candidate, StringComparer.Ordinal)
            .Take(Most).Select(c => c.candidate)];
    }

    // dashes, case and length are what people get wrong first
    private static string Plain(string name) => new([.. name.Take(ModelName.Longest).Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Levenshtein's: letters to insert, delete or replace.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
