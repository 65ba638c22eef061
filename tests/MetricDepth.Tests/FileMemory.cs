using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace MetricDepth.Tests;

/// <summary>
/// Small files that many tests want alike: each is made once, then copied. Starting ffmpeg takes longer than anything it does to a few small frames.
/// </summary>
/// <typeparam name="TFacts">What is known of a file besides its bytes.</typeparam>
internal sealed class FileMemory<TFacts>
{
    private const long LargestKept = 4 << 20;
    private readonly ConcurrentDictionary<string, Lazy<(byte[] Bytes, TFacts Facts)>> _files = new();

    /// <summary>Puts the file there; an existing one is an error.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="content">Describes the content: equal text stands for equal files.</param>
    /// <param name="make">Makes it at a path with the same extension.</param>
    public TFacts Put(string path, string content, Func<string, TFacts> make)
    {
        string extension = Path.GetExtension(path);
        TFacts? made = default;
        bool isOurs = false;
        var (bytes, facts) = _files.GetOrAdd(extension + content, _ => new(() =>
        {
            // made where it is wanted first: a file too large to keep need not be copied
            made = make(path);
            isOurs = true;
            return (new FileInfo(path).Length <= LargestKept ? File.ReadAllBytes(path) : [], made);
        })).Value;
        if (isOurs) return made!;
        if (bytes.Length == 0) return make(path);
        using var file = new FileStream(path, FileMode.CreateNew);
        file.Write(bytes);
        return facts;
    }
}

/// <summary>How content is told apart.</summary>
internal static class FileMemory
{
    /// <summary>A short name for long content.</summary>
    public static string Digest(Action<IncrementalHash> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        content(hash);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
