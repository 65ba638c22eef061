using System.Diagnostics;
using MetricDepth.Video;

namespace MetricDepth.Tests;

/// <summary>Small clips made by ffmpeg's own test sources.</summary>
internal static class TestClip
{
    private static readonly FileMemory<bool> Made = new();

    /// <summary>Runs ffmpeg with the arguments given and fails the test when it fails.</summary>
    public static void Ffmpeg(params string[] arguments)
    {
        var start = new ProcessStartInfo(FfmpegProgram.Ffmpeg) { RedirectStandardError = true };
        foreach (string a in (string[])["-v", "error", "-y", .. arguments]) start.ArgumentList.Add(a);
        using var process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>A moving test picture; H.264. Encoded once for all tests that want the same, then copied.</summary>
    public static string Make(string path, int width = 64, int height = 48, double seconds = 1, string rate = "25", bool sound = false)
    {
        string duration = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        List<string> arguments = ["-f", "lavfi", "-i", $"testsrc2=size={width}x{height}:rate={rate}:duration={duration}"];
        if (sound) arguments.AddRange(["-f", "lavfi", "-i", $"sine=frequency=440:duration={duration}", "-c:a", "aac", "-shortest"]);
        arguments.AddRange(["-c:v", "libx264", "-pix_fmt", width % 2 + height % 2 == 0 ? "yuv420p" : "yuv444p"]);
        if (File.Exists(path)) File.Delete(path);
        Made.Put(path, string.Join(' ', arguments), made =>
        {
            Ffmpeg([.. arguments, "file:" + made]);
            return true;
        });
        return path;
    }
}
