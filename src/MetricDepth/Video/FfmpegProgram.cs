namespace MetricDepth.Video;

/// <summary>Finds the ffmpeg and ffprobe programs: <c>METRICDEPTH_FFMPEG</c> (a folder or the ffmpeg file), PATH, the usual folders.</summary>
public static class FfmpegProgram
{
    /// <summary>The environment variable that names a folder with ffmpeg, or the ffmpeg program itself.</summary>
    public const string Variable = "METRICDEPTH_FFMPEG";

    private static readonly string[] UsualFolders = OperatingSystem.IsWindows()
        ? [@"C:\ffmpeg\bin", @"C:\Program Files\ffmpeg\bin",
           Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microsoft", "WinGet", "Links")]
        : ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/snap/bin"];

    /// <summary>Whether both programs can be found.</summary>
    public static bool IsInstalled => Find("ffmpeg") is not null && Find("ffprobe") is not null;

    /// <summary>Full path of ffmpeg.</summary>
    /// <exception cref="MetricDepthException">It is not installed.</exception>
    public static string Ffmpeg => Require("ffmpeg");

    /// <summary>Full path of ffprobe.</summary>
    /// <exception cref="MetricDepthException">It is not installed.</exception>
    public static string Ffprobe => Require("ffprobe");

    /// <summary>A path as ffmpeg takes it without reading '-', ':' or a protocol into it.</summary>
    internal static string FileUrl(string path) => "file:" + Path.GetFullPath(path);

    private static string Require(string name) => Find(name) ?? throw new MetricDepthException("FfmpegNotFound", FailureKind.MissingDependency,
        $"The program '{name}' was not found. Install ffmpeg 5.1 or newer ({InstallCommand}), or set {Variable} to the folder it is in.");

    private static string InstallCommand =>
        OperatingSystem.IsWindows() ? "winget install Gyan.FFmpeg" : OperatingSystem.IsMacOS() ? "brew install ffmpeg" : "sudo apt install ffmpeg";

    private static string? Find(string name)
    {
        string file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return Folders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
            yield return Directory.Exists(chosen) ? chosen : Path.GetDirectoryName(Path.GetFullPath(chosen)) ?? chosen;
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        foreach (string folder in UsualFolders)
            yield return folder;
    }
}
