using System.Globalization;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>How much memory this process can still take.</summary>
internal static class AvailableMemory
{
    /// <summary>Bytes: what the system has free or can free at once, and what this process's container allows it.</summary>
    public static long Bytes()
    {
        var facts = GC.GetGCMemoryInfo();
        long allowed = facts.TotalAvailableMemoryBytes - (OperatingSystem.IsLinux() ? Environment.WorkingSet : facts.MemoryLoadBytes);
        return Math.Max(0, OperatingSystem.IsLinux() && MemAvailable() is { } free ? Math.Min(free, allowed) : allowed);
    }

    /// <summary>Linux's own estimate of what can be taken without swapping.</summary>
    private static long? MemAvailable()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(13).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes))
                    return kilobytes * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a container may hide it
        }
        return null;
    }
}
