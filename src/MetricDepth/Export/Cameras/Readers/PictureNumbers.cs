using System.Globalization;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>The frames that pictures are of, by their names: the last number in each, or, where one has none, their order.</summary>
internal static class PictureNumbers
{
    // more digits are a date or a time
    private const int MostDigits = 9;

    /// <summary>The frame of each picture.</summary>
    /// <param name="path">The file that names them.</param>
    /// <param name="names">The names.</param>
    /// <param name="areNumbered">Whether all have a number.</param>
    /// <exception cref="MetricDepthException">Two are of the same frame.</exception>
    public static long[] Of(string path, IReadOnlyList<string> names, out bool areNumbered)
    {
        var numbers = new long[names.Count];
        areNumbered = true;
        for (int i = 0; i < numbers.Length && areNumbered; i++) areNumbered = TryNumber(names[i], out numbers[i]);
        if (!areNumbered)
        {
            int[] order = [.. Enumerable.Range(0, names.Count).OrderBy(i => names[i], StringComparer.Ordinal)];
            for (int i = 0; i < order.Length; i++) numbers[order[i]] = i;
        }
        var seen = new HashSet<long>(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
            if (!seen.Add(numbers[i]))
                throw CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"two pictures have the number {numbers[i]} ('{Short(names[i])}' is one); a clip has one camera"));
        return numbers;
    }

    private static bool TryNumber(string name, out long number)
    {
        number = 0;
        var text = name.AsSpan(name.LastIndexOfAny(['/', '\\']) + 1);
        if (text.LastIndexOf('.') is > 0 and var dot) text = text[..dot];
        int end = text.LastIndexOfAnyInRange('0', '9') + 1, start = end;
        while (start > 0 && char.IsAsciiDigit(text[start - 1])) start--;
        return end > start && end - start <= MostDigits && long.TryParse(text[start..end], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string Short(string name) => name.Length <= 80 ? name : name[..77] + "...";
}
