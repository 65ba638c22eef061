namespace MetricDepth.Inference.Models;

/// <summary>Which names models and their files may have: such that no file system sees anything else in them.</summary>
internal static class ModelName
{
    /// <summary>Characters, at most.</summary>
    public const int Longest = 64;

    private const int LongestFile = 128;

    private static readonly string[] Devices =
        ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"com{n}", $"lpt{n}" })];

    /// <summary>What model files end with.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".pth", ".pt", ".safetensors", ".onnx"];

    /// <summary>Whether a model may be called so.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= Longest && IsPlain(name);

    /// <summary>Whether a model's file may be called so.</summary>
    public static bool IsValidFile(string name) =>
        name.Length is > 0 and <= LongestFile && IsPlain(name) && Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    // names that begin with a dot hide themselves, and Windows drops one at the end
    private static bool IsPlain(string name) =>
        char.IsAsciiLetterOrDigit(name[0]) && name[^1] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && !Devices.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase);
}
