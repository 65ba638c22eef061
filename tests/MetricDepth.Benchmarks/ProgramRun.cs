using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MetricDepth.Benchmarks;

/// <summary>What one run of a program took, the programs that it started included.</summary>
/// <param name="Seconds">From start to end.</param>
/// <param name="CpuSeconds">On all cores; NaN where the system does not tell.</param>
internal readonly partial record struct ProgramRun(double Seconds, double CpuSeconds)
{
    /// <summary>Runs a program to its end.</summary>
    public static ProgramRun Measure(IReadOnlyList<string> command) => Measure(command, out _);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="output">What it wrote.</param>
    public static ProgramRun Measure(IReadOnlyList<string> command, out string output)
    {
        var written = new System.Text.StringBuilder();
        double cpu = ChildrenCpuSeconds();
        long start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, line) => written.AppendLine(line.Data);
        process.BeginOutputReadLine();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed: {errors}");
        output = written.ToString();
        return new(seconds, ChildrenCpuSeconds() - cpu);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:F2} s ({CpuSeconds:F2} s of CPU)");

    private static double ChildrenCpuSeconds()
    {
        const int Children = -1; // RUSAGE_CHILDREN
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return double.NaN;
        var usage = new long[18]; // struct rusage: user and system time, each seconds and microseconds, then fourteen more
        return GetResourceUsage(Children, usage) == 0 ? usage[0] + usage[2] + (usage[1] + usage[3]) * 1e-6 : double.NaN;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, long[] usage);
}
