using System.IO.Compression;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Depth.Import;

/// <summary>A NumPy archive (zip of arrays); it is unpacked as it is read.</summary>
internal sealed class NpzKind : DepthSourceKind
{
    // No byte of a deflated stream stands for more than this many (RFC 1951).
    private const long LargestRatio = 1032;
    private const int MostArrays = 1000;
    private const string ArraySuffix = ".npy";

    /// <inheritdoc/>
    public override string Extension => ".npz";

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> head) => head is [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..];

    /// <inheritdoc/>
    public override DepthSource Open(IReadOnlyList<string> files, DepthImportOptions options, CancellationToken cancellation)
    {
        string path = files[0];
        FileStream? file = null;
        ZipArchive? zip = null;
        Stream? array = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            zip = new ZipArchive(file, ZipArchiveMode.Read);
            var arrays = new NpzArrays(zip, MostArrays);
            var entry = arrays.FindDepth(path, options.ArrayName);
            if (entry.Length < 0 || entry.CompressedLength < 0 || entry.CompressedLength > file.Length || entry.Length > entry.CompressedLength * LargestRatio)
                throw new InvalidDataException("the length that it claims for its depth cannot be");
            array = new Crc32Stream(entry.Open(), entry.Crc32);
            var frames = NpyFrames.Open(array, entry.Length);
            var (horizontal, vertical) = arrays.FieldOfView(frames.Width, frames.Height);
            return new NpySource(path, frames, StoredUnit.For(frames.Element, path, options.DepthUnit), [array, zip, file])
            {
                Width = frames.Width,
                Height = frames.Height,
                FrameCount = frames.Frames,
                FrameRate = arrays.Number("frame_rate") is { } rate ? Exact(rate) : null,
                HorizontalFov = horizontal,
                VerticalFov = vertical,
                MaxDepth = arrays.Number("max_depth"),
            };
        }
        catch (Exception e)
        {
            array?.Dispose();
            zip?.Dispose();
            file?.Dispose();
            if (e is InvalidDataException or IOException or NotSupportedException or ArgumentException) throw NpySource.Malformed(path, e);
            throw;
        }
    }

    // Thousands by 1001 are no thousandths, and what was one of them is so to the last digit.
    private static Rational? Exact(double rate) =>
        rate is > 0 and < 1e6 && Math.Round(rate * 1001) is >= 1 and var above && Math.Abs(rate * 1001 - above) < 1e-6 ? new((long)above, 1001)
        : Rational.TryFrom(rate, out var rounded) ? rounded : null;

    /// <summary>The arrays of an archive.</summary>
    private sealed class NpzArrays
    {
        private const int LongestSmall = 1 << 16;
        private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

        public NpzArrays(ZipArchive zip, int most)
        {
            foreach (var entry in zip.Entries)
            {
                if (!entry.FullName.EndsWith(ArraySuffix, StringComparison.Ordinal)) continue;
                if (_entries.Count == most) throw new InvalidDataException("it holds more arrays than any depth has");
                _entries[entry.FullName[..^ArraySuffix.Length]] = entry;
            }
        }

        /// <summary>The array of that name, or the one that is called depth or depths, or the only one that has the shape of pictures.</summary>
        public ZipArchiveEntry FindDepth(string path, string? name)
        {
            if (name is not null)
                return _entries.GetValueOrDefault(name) ?? throw NotFound(path, $"has no array '{name}'");
            foreach (string usual in (string[])["depth", "depths"])
                if (_entries.TryGetValue(usual, out var named)) return named;
            ZipArchiveEntry[] candidates = [.. _entries.Values.Where(e => Shape(e) is { Count: 3 or 4 })];
            if (candidates.Length == 0) candidates = [.. _entries.Values.Where(e => Shape(e) is [> 4, > 4])]; // a 3×3 or 4×4 matrix is a camera's
            return candidates is [var only] ? only
                : throw NotFound(path, candidates.Length == 0 ? "has no array of the shape of pictures" : "has several arrays of the shape of pictures");
        }

        /// <summary>A single number; null if there is none of that name.</summary>
        public double? Number(string name) => Small(name, 1) is [var number] && double.IsFinite(number) ? number : null;

        /// <summary>The angles of a camera matrix <c>intrinsics</c>, degrees.</summary>
        public (double? Horizontal, double? Vertical) FieldOfView(int width, int height)
        {
            if (Small("intrinsics", 9) is not [var fx, _, _, _, var fy, _, _, _, _] || !(fx > 0 && fy > 0 && double.IsFinite(fx) && double.IsFinite(fy))) return default;
            var camera = new Geometry.Intrinsics(width, height, fx, fy, 0, 0);
            return camera is { HorizontalFov: >= 1 and <= 179, VerticalFov: >= 1 and <= 179 } ? (camera.HorizontalFov, camera.VerticalFov) : default;
        }

        private static IReadOnlyList<long>? Shape(ZipArchiveEntry entry)
        {
            try
            {
                using var stream = entry.Open();
                return NpyHeader.Read(stream).Shape;
            }
            catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
            {
                return null;
            }
        }

        private double[]? Small(string name, int count)
        {
            if (_entries.GetValueOrDefault(name) is not { } entry || entry.Length > LongestSmall) return null;
            try
            {
                using var stream = entry.Open();
                var header = NpyHeader.Read(stream);
                if (NpyElement.Parse(header.ElementType) is not { } element || header.Shape.Aggregate(1L, (p, n) => n > LongestSmall ? -1 : p * n) != count) return null;
                var bytes = new byte[count * element.Bytes];
                if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) return null;
                return element.DecodeExactly(bytes, count);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
            {
                return null; // what is only told beside depth is not worth an error
            }
        }

        private MetricDepthException NotFound(string path, string what) => new("DepthArrayNotFound", FailureKind.InvalidData,
            $"'{path}' {what}; it holds {(_entries.Count == 0 ? "no arrays" : string.Join(", ", _entries.Take(12).Select(e => Describe(e.Key, e.Value))))}. Give the depth's name with -ArrayName.");

        private static string Describe(string name, ZipArchiveEntry entry) =>
            string.Concat(name.Take(40).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))
            + (Shape(entry) is { } shape ? $" ({string.Join(", ", shape.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)))})" : "");
    }
}
