using System.Runtime.InteropServices;
using MetricDepth.Video;

namespace MetricDepth.Tests.Rendering;

/// <summary>Whole frames of a short video, and short videos of whole frames.</summary>
internal static class RawVideo
{
    /// <summary>All frames as 0x00RRGGBB pixels.</summary>
    public static List<uint[]> Read(string path, long? maxFrames = null)
    {
        using var reader = FrameReader.Open(VideoProbe.Probe(path), new() { MaxFrames = maxFrames }, CancellationToken.None);
        var frames = new List<uint[]>();
        for (var frame = new uint[reader.Width * reader.Height]; reader.Read(MemoryMarshal.AsBytes(frame.AsSpan())); frame = new uint[frame.Length])
            frames.Add(Array.ConvertAll(frame, p => p & 0xFFFFFF));
        return frames;
    }

    /// <summary>Writes frames losslessly at 25 frames per second.</summary>
    public static string Write(string path, int width, int height, params IEnumerable<uint[]> frames)
    {
        using var writer = FrameWriter.Open(path, new() { Width = width, Height = height, FrameRate = new(25) }, CancellationToken.None);
        foreach (var frame in frames) writer.Write(MemoryMarshal.AsBytes(frame.AsSpan()));
        return writer.Complete().Path;
    }
}
