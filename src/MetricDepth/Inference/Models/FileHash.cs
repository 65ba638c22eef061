using System.Buffers;
using System.Security.Cryptography;

namespace MetricDepth.Inference.Models;

/// <summary>SHA-256 of files.</summary>
internal static class FileHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>The hash in lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="activity">What progress calls it.</param>
    /// <param name="progress">Is told of bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static string Compute(string path, string activity, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long length = file.Length, done = 0;
            while (file.Read(buffer) is > 0 and var read)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                progress?.Report(new(activity, done += read, length, Unit: ProgressUnit.Bytes));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
