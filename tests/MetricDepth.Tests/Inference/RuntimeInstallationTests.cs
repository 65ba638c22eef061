using System.Formats.Tar;
using System.IO.Compression;
using MetricDepth.Inference;
using MetricDepth.Tests.Inference.Models;

namespace MetricDepth.Tests.Inference;

/// <summary>The CUDA runtime comes over the network like a model does.</summary>
public sealed class RuntimeInstallationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelServer _server = new(Archive(1));

    public RuntimeInstallationTests() => Assert.SkipWhen(CudaRuntime.Unsupported is not null, "there is no CUDA runtime for this platform");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_is_fetched_unpacked_and_pinned()
    {
        _server.Next.Enqueue(new Misbehaviour.Drop(100));
        var installed = Install();
        Assert.Equal(("Cuda", CudaRuntime.Version, CudaRuntime.FolderIn(_folder.Path)), (installed.Name, installed.Version, installed.Path));
        Assert.True(CudaRuntime.IsInstalled(_folder.Path));
        Assert.Equal([null, "bytes=100-"], _server.Requests.Select(r => r.Range));
        Assert.Empty(Directory.EnumerateFiles(_folder["downloads"]));
        Install();
        Assert.Equal(2, _server.Requests.Count);

        _server.Content = Archive(2);
        _server.ETag = "\"second\"";
        Assert.Equal("RuntimeHashMismatch", Assert.Throws<MetricDepthException>(() => Install(force: true)).ErrorId);
        Assert.True(CudaRuntime.IsInstalled(_folder.Path));
        Directory.Delete(_folder["pins"], recursive: true);
        Install(force: true);
    }

    [Fact]
    public void What_is_no_runtime_is_not_kept()
    {
        _server.Content = "<html>"u8.ToArray();
        Assert.Equal("RuntimeArchiveInvalid", Assert.Throws<MetricDepthException>(() => Install()).ErrorId);
        Assert.False(CudaRuntime.IsInstalled(_folder.Path));
        Assert.Empty(Directory.EnumerateFiles(_folder["downloads"]));
        Assert.False(Directory.Exists(_folder["pins"]));
        _server.Next.Enqueue(new Misbehaviour.Status(404));
        var e = Assert.Throws<MetricDepthException>(() => Install());
        Assert.Equal("DownloadNotFound", e.ErrorId);
        Assert.Contains("Install-DepthModel -Runtime Cuda -Path FILE", e.Message, StringComparison.Ordinal);
    }

    private InstalledRuntime Install(bool force = false) => RuntimeInstallation.Run(
        new() { StoreFolder = _folder.Path, Force = force, Source = _server.At(CudaRuntime.ArchiveName) }, null, TestContext.Current.CancellationToken);

    /// <summary>An archive like the official one, with what begins like libraries of this platform.</summary>
    private static byte[] Archive(byte rest)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.NoCompression, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            foreach (string name in new[] { "onnxruntime_providers_cuda", "onnxruntime_providers_shared" })
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"onnxruntime-linux-x64-gpu-{CudaRuntime.Version}/lib/{OnnxRuntimeLibrary.FileName(name)}")
                {
                    DataStream = new MemoryStream(OperatingSystem.IsWindows() ? [(byte)'M', (byte)'Z', rest] : [127, (byte)'E', (byte)'L', (byte)'F', rest]),
                });
        return bytes.ToArray();
    }
}
