namespace MetricDepth;

/// <summary>How much room a disk has.</summary>
internal static class DiskSpace
{
    /// <summary>Free bytes for this user where a path lies, which need not exist yet; as many as there can be if the file system does not say.</summary>
    public static long FreeAt(string path)
    {
        try
        {
            string? folder = Path.GetFullPath(path);
            while (folder is not null && !Directory.Exists(folder)) folder = Path.GetDirectoryName(folder);
            return folder is null ? long.MaxValue : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
