namespace MetricDepth.Tests.Fixtures;

/// <summary>Small depth files that other programs have written (Fixtures/DepthFiles/README.md).</summary>
internal static class DepthFile
{
    /// <summary>Full path of a file of <c>Fixtures/DepthFiles</c>.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "DepthFiles", name);

    /// <summary>What the EXR files hold, metres.</summary>
    public static float ExrDepth(int x, int y) => (x + y) % 7 == 0 ? 0 : x < 5 ? 1.5f : 2 + y / 8f;

    /// <summary>What the arrays hold, metres; 5×4 px, 3 frames.</summary>
    public static float ArrayDepth(int x, int y, int frame) => x == 0 ? 0 : 1 + x + y / 4f + frame;
}
