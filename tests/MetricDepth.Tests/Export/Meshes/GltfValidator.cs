using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace MetricDepth.Tests.Export.Meshes;

/// <summary>The Khronos glTF validator, from npm (tests/npm); a test that asks for it is skipped where there is no node or it was not fetched.</summary>
internal static class GltfValidator
{
    private static readonly string Folder = typeof(GltfValidator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "ValidatorFolder").Value!;

    /// <summary>Skips the test, saying why, where files cannot be judged.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "gltf-validator")),
            "the glTF validator was not fetched; building the tests with npm and a network does it");
        Assert.SkipUnless(Node() is not null, "node is not on the PATH, so the glTF validator cannot run");
    }

    /// <summary>Judges files; what it has to say against one fails the test, down to hints.</summary>
    /// <returns>What it found in each.</returns>
    public static IReadOnlyList<JsonElement> AssertFlawless(params string[] files)
    {
        var start = new ProcessStartInfo(Node()!, ["validate-gltf.js", .. files])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Equal(files.Length, lines.Length);
        var reports = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        for (int i = 0; i < files.Length; i++)
            // that a filmed picture has no power of two of pixels is no fault: that was WebGL 1
            Assert.True(reports[i].GetProperty("messages").EnumerateArray().All(m => m.GetProperty("code").GetString() == "IMAGE_NPOT_DIMENSIONS"),
                $"{Path.GetFileName(files[i])}: {reports[i].GetProperty("messages")}");
        return reports;
    }

    private static string? Node()
    {
        string name = OperatingSystem.IsWindows() ? "node.exe" : "node";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
