using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace MetricDepth.Inference;

/// <summary>
/// Takes the libraries of the CUDA provider out of an archive. Only files of known names are taken, to names made here; nothing else in
/// an archive, neither paths nor links, has a say in where anything goes.
/// </summary>
internal static partial class CudaRuntimeArchive
{
    /// <summary>The provider, and what lies between it and the main library.</summary>
    public const string Provider = "onnxruntime_providers_cuda", Shared = "onnxruntime_providers_shared";

    private const string Main = "onnxruntime";
    private const long MaxLibrary = 2L << 30, MaxUnpacked = 8L << 30; // the provider of 1.29 has 0.23 GB, all of the archive 0.4 GB
    private const int MaxEntries = 100_000;

    public static void Unpack(string path, string folder, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var target = new Target(path, folder, progress, cancellation);
        try
        {
            if (Directory.Exists(path)) FromFolder(path, target);
            else if (!File.Exists(path))
                throw new MetricDepthException("FileNotFound", FailureKind.NotFound, $"There is no file '{path}'. Check -Path.");
            else if (IsZip(path)) FromZip(path, target);
            else FromTar(path, target);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw Invalid(path, $"it cannot be unpacked ({OnnxFailure.Reason(e)})", e);
        }
        foreach (string needed in (ReadOnlySpan<string>)[Provider, Shared])
            if (!File.Exists(Path.Combine(folder, OnnxRuntimeLibrary.FileName(needed))))
                throw Invalid(path, $"{OnnxRuntimeLibrary.FileName(needed)} is not in it");
    }

    private static void FromFolder(string path, Target target)
    {
        foreach (string file in Directory.EnumerateFiles(path))
        {
            using var stream = File.OpenRead(file);
            target.Offer(Path.GetFileName(file), stream, stream.Length);
        }
    }

    private static void FromZip(string path, Target target)
    {
        using var archive = ZipFile.OpenRead(path);
        if (archive.Entries.Count > MaxEntries) throw Invalid(path, "it has too many entries");
        foreach (var entry in archive.Entries)
        {
            if (!target.Wants(entry.FullName)) continue;
            using var stream = entry.Open();
            target.Offer(entry.FullName, stream, entry.Length);
        }
    }

    private static void FromTar(string path, Target target)
    {
        using var file = File.OpenRead(path);
        using var unpacked = new BoundedStream(new GZipStream(file, CompressionMode.Decompress), MaxUnpacked);
        using var reader = new TarReader(unpacked);
        for (int entries = 0; reader.GetNextEntry() is { } entry; entries++)
        {
            target.Cancellation.ThrowIfCancellationRequested();
            if (entries > MaxEntries) throw Invalid(path, "it has too many entries");
            // links are left out: libonnxruntime.so is one to the library that has its version in its name
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.DataStream is { } stream)
                target.Offer(entry.Name, stream, entry.Length);
        }
    }

    private static bool IsZip(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\x03\x04"u8);
    }

    private static MetricDepthException Invalid(string path, string why, Exception? inner = null) => new("RuntimeArchiveInvalid", FailureKind.InvalidData,
        $"'{path}' is not the CUDA runtime that is needed: {why}. Take {CudaRuntime.ArchiveName} of ONNX Runtime's release {CudaRuntime.Version}, {CudaRuntime.Source}", inner);

    /// <summary><c>onnxruntime-linux-x64-gpu-1.29.0/lib/…</c>.</summary>
    [GeneratedRegex(@"^(?:\./)?onnxruntime-(?:linux|win)-x64[^/]*-(?<version>\d+\.\d+\.\d+)/", RegexOptions.CultureInvariant)]
    private static partial Regex ReleaseFolder();

    /// <summary><c>libonnxruntime.so.1.29.0</c>.</summary>
    [GeneratedRegex(@"^libonnxruntime\.so(?:\.(?<version>\d+(?:\.\d+)*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex LinuxMain();

    /// <summary>The folder that libraries go to.</summary>
    private sealed class Target(string path, string folder, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        private readonly byte[] buffer = new byte[1 << 20];

        public CancellationToken Cancellation => cancellation;

        public bool Wants(string name) => NameOf(name) is not null;

        /// <summary>Takes a file if it is one of those needed and the first of its name.</summary>
        public void Offer(string name, Stream content, long length)
        {
            if (NameOf(name) is not { } library) return;
            CheckVersion(name);
            string file = Path.Combine(folder, library);
            if (File.Exists(file)) return;
            if (length > MaxLibrary) throw Invalid(path, $"{library} in it is too large");
            using var output = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            long done = 0;
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                if (done == 0 && !IsLibrary(buffer.AsSpan(0, read))) throw Invalid(path, $"{library} in it is no library of this platform");
                done += read;
                if (done > MaxLibrary) throw Invalid(path, $"{library} in it is too large");
                output.Write(buffer, 0, read);
                progress?.Report(new("Unpacking the CUDA runtime", done, length));
            }
            if (done != length) throw Invalid(path, "it is cut off");
        }

        /// <summary>What an entry becomes; null for all that is not needed.</summary>
        private static string? NameOf(string entry)
        {
            string name = entry[(entry.LastIndexOfAny(['/', '\\']) + 1)..];
            if (OperatingSystem.IsLinux() && LinuxMain().IsMatch(name)) return OnnxRuntimeLibrary.FileName(Main);
            string[] wanted = OperatingSystem.IsLinux() ? [Provider, Shared] : [Main, Provider, Shared];
            return wanted.Select(OnnxRuntimeLibrary.FileName).FirstOrDefault(file => file.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        private void CheckVersion(string entry)
        {
            string name = entry[(entry.LastIndexOfAny(['/', '\\']) + 1)..];
            foreach (var match in (ReadOnlySpan<Match>)[ReleaseFolder().Match(entry), LinuxMain().Match(name)])
                // libonnxruntime.so.1 says too little
                if (match.Groups["version"] is { Success: true, Value: var version } && version.Contains('.', StringComparison.Ordinal) && !OnnxRuntimeLibrary.SameVersion(version, CudaRuntime.Version))
                    throw new MetricDepthException("RuntimeVersionMismatch", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                        $"'{path}' is of ONNX Runtime {version}, and the CUDA provider has to be of {CudaRuntime.Version}. Take {CudaRuntime.ArchiveName}, {CudaRuntime.Source}"));
        }

        /// <summary>ELF for x86-64, or PE.</summary>
        private static bool IsLibrary(ReadOnlySpan<byte> start) => OperatingSystem.IsWindows() ? start.StartsWith("MZ"u8) : start.StartsWith("\u007fELF"u8);
    }

    /// <summary>Ends an archive that unpacks without end.</summary>
    private sealed class BoundedStream(Stream inner, long limit) : Stream
    {
        private long left = limit;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            left -= read;
            return left >= 0 ? read : throw new InvalidDataException("it unpacks to more than a runtime can have");
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
