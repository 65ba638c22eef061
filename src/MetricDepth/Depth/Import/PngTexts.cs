using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Depth.Import;

/// <summary>What a PNG file says about itself before its pixels: tEXt chunks, and iTXt that are not compressed (ISO/IEC 15948, 11.3.4).</summary>
internal static class PngTexts
{
    private const int SignatureBytes = 8, ChunkHeadBytes = 8, ChecksumBytes = 4;
    private const int MostChunks = 1000;
    private const int LongestText = 1 << 14;

    /// <summary>Reads the texts; those that are damaged, long or twice there are left out.</summary>
    /// <param name="path">A PNG file.</param>
    public static Dictionary<string, string> Read(string path)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        using var file = File.OpenRead(path);
        file.Position = SignatureBytes;
        Span<byte> head = stackalloc byte[ChunkHeadBytes];
        for (int chunk = 0; chunk < MostChunks && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length; chunk++)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = head[4..];
            if (length > file.Length - file.Position || type.SequenceEqual("IDAT"u8)) break;
            bool isText = type.SequenceEqual("tEXt"u8), isUtf8 = type.SequenceEqual("iTXt"u8);
            if ((isText || isUtf8) && length <= LongestText)
            {
                var content = new byte[length];
                file.ReadExactly(content);
                Add(content, isUtf8, texts);
                file.Position += ChecksumBytes;
            }
            else
            {
                file.Position += length + ChecksumBytes;
            }
        }
        return texts;
    }

    private static void Add(ReadOnlySpan<byte> content, bool isUtf8, Dictionary<string, string> texts)
    {
        int end = content.IndexOf((byte)0);
        if (end < 1) return;
        string keyword = Encoding.Latin1.GetString(content[..end]);
        content = content[(end + 1)..];
        if (isUtf8)
        {
            // whether compressed, how, the language, the keyword in that language
            if (content.Length < 2 || content[0] != 0) return;
            content = content[2..];
            for (int i = 0; i < 2; i++)
            {
                int zero = content.IndexOf((byte)0);
                if (zero < 0) return;
                content = content[(zero + 1)..];
            }
        }
        texts.TryAdd(keyword, (isUtf8 ? Encoding.UTF8 : Encoding.Latin1).GetString(content));
    }
}
