using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.CommandLine;

namespace MetricDepth.Tests.CommandLine;

/// <summary>The program as bash sees it: streams, exit codes, signals.</summary>
public sealed partial class ConsoleProgramTests
{
    [Theory]
    [InlineData(0, "metricdepth 0", "", "--version")]
    [InlineData(0, "ConvertTo-MetricDepth", "")]
    [InlineData(0, "Invoke-StereoRender [-Path] <string[]>", "", "Invoke-StereoRender", "--help")]
    [InlineData(0, "-Layout <StereoLayout>", "", "help", "invoke-stereorender")]
    [InlineData(0, "complete -o default", "", "complete")]
    [InlineData(1, "", "Get-DepthVideo: 'nowhere.mkv'", "Get-DepthVideo", "nowhere.mkv")]
    [InlineData(1, "", "FileNotFound,MetricDepth.PowerShell.Commands.GetDepthVideoCommand", "Get-DepthVideo", "nowhere.mkv", "-Verbose")]
    [InlineData(2, "", "parameter name 'Nope'", "Get-DepthVideo", "nowhere.mkv", "-Nope")]
    [InlineData(2, "", "'Get-Nothing' is not recognized", "Get-Nothing")]
    [InlineData(2, "", "empty pipe element", "Get-DepthVideo", "nowhere.mkv", "|")]
    public void ResultsGoToStdoutErrorsToStderrAndTheExitCodeTells(int exitCode, string output, string errors, params string[] arguments)
    {
        using var program = Start(Environment.CurrentDirectory, arguments);
        string stdout = program.StandardOutput.ReadToEnd(), stderr = program.StandardError.ReadToEnd();
        program.WaitForExit();
        Assert.Equal(exitCode, program.ExitCode);
        Assert.Contains(output, stdout, StringComparison.Ordinal);
        Assert.Contains(errors, stderr, StringComparison.Ordinal);
        if (output.Length == 0) Assert.Empty(stdout);
        if (errors.Length == 0) Assert.Empty(stderr);
    }

    [Fact]
    public void ALogHoldsNoProgressBars()
    {
        using var folder = new TempFolder();
        MakeSensorVideo(folder["sensor.mkv"], "64x48", 5);
        using var program = Start(folder.Path, "Import-DepthVideo", "sensor.mkv", "-MaxDepth", "70");
        string stdout = program.StandardOutput.ReadToEnd();
        Assert.Empty(program.StandardError.ReadToEnd());
        program.WaitForExit();
        Assert.Equal(0, program.ExitCode);
        string[] lines = stdout.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("Max (m)", lines[0], StringComparison.Ordinal);
        Assert.Contains("sensor.mkv_depth.mkv", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void ASignalEndsTheWorkWithinASecondAndLeavesNothing(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are a Unix thing");
        // a shell's background job passes this on, and a program is right to heed it
        Assert.SkipWhen(IsIgnored(signal), "the signal is ignored in this session");
        using var folder = new TempFolder();
        MakeSensorVideo(folder["sensor.mkv"], "1280x720", 120);
        using var program = Start(folder.Path, "Import-DepthVideo", "sensor.mkv");
        var limit = Stopwatch.StartNew();
        while (Directory.GetFiles(folder.Path).Length < 2)
        {
            Assert.False(program.HasExited, "it ended before it could be stopped");
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(30), "it never began to write");
            Thread.Sleep(20);
        }
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, Kill(program.Id, signal));
        // one second is the promise; the rest is room for a busy machine
        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(5)), "it did not stop");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal(130, program.ExitCode);
        Assert.Equal([folder["sensor.mkv"]], Directory.GetFiles(folder.Path));
    }

    private static bool IsIgnored(int signal)
    {
        if (!OperatingSystem.IsLinux()) return false;
        string mask = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) != 0;
    }

    private static void MakeSensorVideo(string path, string size, int frames) => TestClip.Ffmpeg(
        "-f", "lavfi", "-i", $"color=c=gray:size={size}:rate=25", "-frames:v", frames.ToString(CultureInfo.InvariantCulture),
        "-pix_fmt", "gray16le", "-c:v", "ffv1", "-slices", "4", path);

    private static Process Start(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = directory };
        start.ArgumentList.Add(typeof(PipelineRunner).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
