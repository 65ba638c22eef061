using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Video;

namespace MetricDepth.Tests.Rendering;

/// <summary>Whole frames of a short video, and short videos of whole frames.</summary>
internal static class RawVideo
{
    /// <summary>
    /// All frames as 0x00RRGGBB pixels, as ffmpeg itself shows them: nothing of ours reads them, and one process tells size and pixels
    /// (most of what a small video costs is starting processes).
    /// </summary>
    public static List<uint[]> Read(string path, long? maxFrames = null)
    {
        string[] first = maxFrames is { } max ? ["-frames:v", max.ToString(CultureInfo.InvariantCulture)] : [];
        var start = new ProcessStartInfo(FfmpegProgram.Ffmpeg,
            ["-v", "error", "-nostdin", "-i", "file:" + path, "-map", "0:v:0", .. first, "-fps_mode", "passthrough", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var pictures = new BufferedStream(process.StandardOutput.BaseStream, 1 << 16);
        var frames = new List<uint[]>();
        while (ReadPicture(pictures) is { } frame) frames.Add(frame);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && errors.Result.Length == 0 && frames.Count > 0, $"{path}: {errors.Result}");
        return frames;
    }

    // "P6", width, height and 255, each ended by one white space, then red, green and blue; null at the end
    private static uint[]? ReadPicture(Stream pictures)
    {
        Span<int> header = stackalloc int[3];
        int first = pictures.ReadByte();
        if (first < 0) return null;
        Assert.Equal(('P', '6', true), ((char)first, (char)pictures.ReadByte(), char.IsWhiteSpace((char)pictures.ReadByte())));
        foreach (ref int number in header)
            for (int c; char.IsAsciiDigit((char)(c = pictures.ReadByte()));) number = 10 * number + c - '0';
        Assert.Equal(255, header[2]);
        var bytes = new byte[3 * header[0] * header[1]];
        pictures.ReadExactly(bytes);
        var frame = new uint[bytes.Length / 3];
        for (int i = 0; i < frame.Length; i++) frame[i] = (uint)(bytes[3 * i] << 16 | bytes[3 * i + 1] << 8 | bytes[3 * i + 2]);
        return frame;
    }

    private static readonly FileMemory<bool> Written = new();

    /// <summary>Writes frames losslessly at 25 frames per second.</summary>
    public static string Write(string path, int width, int height, params IEnumerable<uint[]> frames)
    {
        var all = frames.ToList();
        string content = FileMemory.Digest(hash => all.ForEach(frame => hash.AppendData(MemoryMarshal.AsBytes(frame.AsSpan()))));
        Written.Put(path, string.Create(CultureInfo.InvariantCulture, $"{width}x{height} {content}"), made =>
        {
            using var writer = FrameWriter.Open(made, new() { Width = width, Height = height, FrameRate = new(25) }, CancellationToken.None);
            all.ForEach(frame => writer.Write(MemoryMarshal.AsBytes(frame.AsSpan())));
            writer.Complete();
            return true;
        });
        return Path.GetFullPath(path);
    }
}
