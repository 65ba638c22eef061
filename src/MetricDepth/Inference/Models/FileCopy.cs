using System.Buffers;
using MetricDepth.Inference.Downloads;

namespace MetricDepth.Inference.Models;

/// <summary>Copies a file at hand into the store.</summary>
internal static class FileCopy
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies a file; what was copied is taken away again when it does not get to the end.</summary>
    public static void Run(string name, string from, string to, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        PartialDownload.Open(to).Delete(); // the beginning of a download is none of this file
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        bool complete = false;
        try
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            DownloadSpace.Require(name, to, source.Length, DiskSpace.FreeAt(to));
            using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            long done = 0;
            while (source.Read(buffer) is > 0 and var read)
            {
                cancellation.ThrowIfCancellationRequested();
                target.Write(buffer, 0, read);
                progress?.Report(new($"Copying {name}", done += read, source.Length, Unit: ProgressUnit.Bytes));
            }
            complete = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!complete) File.Delete(to);
        }
    }
}
