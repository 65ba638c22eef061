namespace MetricDepth.Tests;

/// <summary>Real footage beside the checkout (DESIGN §10); a test that asks for a file that is not there is skipped, saying so.</summary>
internal static class DataFile
{
    private static readonly string? Root = FindRoot();

    public static string Require(string relative)
    {
        string? path = Root is null ? null : Path.Combine(Root, relative);
        Assert.SkipUnless(path is not null && (File.Exists(path) || Directory.Exists(path)), $"shared/data/{relative} is not beside this checkout");
        return path!;
    }

    private static string? FindRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "shared", "data", "README.md")))
                return Path.Combine(d.FullName, "shared", "data");
        return null;
    }
}
