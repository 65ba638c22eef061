using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Asks a real PowerShell, where there is one, whether BinderTests expects the right things.</summary>
public sealed class PowerShellTruthTests
{
    private const string Script = """
        Add-Type -Path $args[0] -IgnoreWarnings -WarningAction SilentlyContinue -PassThru | ForEach-Object Assembly | Select-Object -Unique | Import-Module
        $ErrorActionPreference = 'Stop'
        foreach ($line in Get-Content -LiteralPath $args[1]) {
            try { "OUT " + (& ([scriptblock]::Create($line)) 3>$null) }
            catch { "ERR " + $_.FullyQualifiedErrorId.Split(',')[0] }
        }
        """;

    [Fact]
    public void PowerShellBindsTheSameWordsTheSameWay()
    {
        string? shell = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(shell is null, "there is no PowerShell 7 on this machine");
        // `a,` is no whole line in PowerShell
        var cases = typeof(BinderTests).GetMethod(nameof(BinderTests.WordsBindAsInPowerShell))!.GetCustomAttributes<InlineDataAttribute>()
            .Select(a => (Line: (string)a.Data[0]!, Shows: a.Data[1] as string, ErrorId: a.Data.ElementAtOrDefault(2) as string))
            .Where(c => !c.Line.EndsWith(',')).ToList();
        using var folder = new TempFolder();
        File.WriteAllText(folder["truth.ps1"], Script);
        File.WriteAllLines(folder["lines.txt"], cases.Select(c => c.Line));
        var start = new ProcessStartInfo(shell!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "-NoProfile", "-NonInteractive", "-File", folder["truth.ps1"], SampleSource(), folder["lines.txt"] })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        string[] answers = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(cases.Count, answers.Length);
        var wrong = cases.Zip(answers).Where(c => c.First.Shows is { } shows
            ? !(c.Second.TrimEnd() + " ").Contains(shows, StringComparison.Ordinal) : c.Second.TrimEnd() != "ERR " + c.First.ErrorId);
        Assert.Empty(wrong.Select(w => $"{w.First.Line}: {w.Second}"));
    }

    private static string SampleSource([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "SampleCommands.cs");
}
