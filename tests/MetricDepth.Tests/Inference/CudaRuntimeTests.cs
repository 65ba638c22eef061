using System.Formats.Tar;
using System.IO.Compression;
using MetricDepth.Inference;

namespace MetricDepth.Tests.Inference;

/// <summary>The optional CUDA runtime: unpacked into a store, and loaded as far as a machine without a GPU can.</summary>
public sealed class CudaRuntimeTests : IDisposable
{
    private static readonly string Provider = OnnxRuntimeLibrary.FileName("onnxruntime_providers_cuda");
    private static readonly string Shared = OnnxRuntimeLibrary.FileName("onnxruntime_providers_shared");
    private static readonly string Release = $"onnxruntime-{(OperatingSystem.IsWindows() ? "win" : "linux")}-x64-gpu-{CudaRuntime.Version}/lib/";

    private readonly TempFolder folder = new();

    public CudaRuntimeTests()
    {
        if (CudaRuntime.Unsupported is { } reason) Assert.Skip(reason);
    }

    private string Store => folder["store"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_official_release_of_this_platform_and_version_is_what_is_fetched() =>
        Assert.Matches(@"^https://github\.com/microsoft/onnxruntime/releases/download/v(\d+\.\d+\.\d+)/onnxruntime-(linux|win)-x64-gpu(_cuda13)?-\1\.(tgz|zip)$", CudaRuntime.Source.ToString());

    [Theory]
    [InlineData("runtime.tgz")]
    [InlineData("runtime.zip")]
    [InlineData("runtime")]
    public void Only_the_libraries_that_are_needed_leave_the_archive(string name)
    {
        Pack(name, [.. Libraries(Release), ("../../outside.so", Library()), ("package/../../../" + Shared, Library(9)), (Release + "libonnxruntime_providers_tensorrt.so", Library()), ("README.md", [1])]);
        Assert.False(CudaRuntime.IsInstalled(Store));
        string installed = Install(name);
        Assert.True(CudaRuntime.IsInstalled(Store));
        Assert.Equal(CudaRuntime.FolderIn(Store), installed);
        Assert.Equal(new[] { Provider, Shared, "runtime.json" }.Order(StringComparer.Ordinal), Files(installed));
        Assert.Equal(Library(), File.ReadAllBytes(Path.Combine(installed, Shared)));
        Assert.Equal(new[] { name, "store" }.Order(StringComparer.Ordinal), Files(folder.Path));
        Install(name); // again, over itself
        Assert.Equal([Path.GetFileName(installed)], Files(Path.Combine(Store, "runtime")));
        Assert.True(CudaRuntime.Uninstall(Store));
        Assert.False(CudaRuntime.IsInstalled(Store));
        Assert.False(CudaRuntime.Uninstall(Store));
    }

    [Fact]
    public void The_main_library_comes_along_under_its_plain_name()
    {
        string main = OnnxRuntimeLibrary.FileName("onnxruntime");
        Pack("runtime.tgz", [.. Libraries(Release), (Release + main + (OperatingSystem.IsWindows() ? "" : "." + CudaRuntime.Version), Library(5))]);
        Assert.Equal(Library(5), File.ReadAllBytes(Path.Combine(Install("runtime.tgz"), main)));
    }

    [Fact]
    public void A_runtime_of_which_something_is_gone_does_not_count_as_installed()
    {
        Pack("runtime.tgz", Libraries(Release));
        string installed = Install("runtime.tgz");
        File.WriteAllBytes(Path.Combine(installed, Shared), [1, 2]);
        Assert.False(CudaRuntime.IsInstalled(Store));
        Install("runtime.tgz");
        Assert.True(CudaRuntime.IsInstalled(Store));
        File.WriteAllText(Path.Combine(installed, "runtime.json"), "[]");
        Assert.False(CudaRuntime.IsInstalled(Store));
    }

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        Pack("old.tgz", Libraries("onnxruntime-linux-x64-gpu-1.17.0/lib/"));
        AssertFails("old.tgz", "RuntimeVersionMismatch", "1.17.0");
    }

    [Fact]
    public void What_is_no_runtime_is_refused_and_leaves_nothing_behind()
    {
        Pack("other.tgz", [("package/index.js", [1])]);
        AssertFails("other.tgz", "RuntimeArchiveInvalid", Provider);
        File.WriteAllText(folder["text.tgz"], "no archive");
        AssertFails("text.tgz", "RuntimeArchiveInvalid", "unpacked");
        Pack("script.tgz", [(Provider, "#!/bin/sh"u8.ToArray()), (Shared, Library())]);
        AssertFails("script.tgz", "RuntimeArchiveInvalid", "no library");
        byte[] noise = new byte[100_000]; // does not compress
        new Random(1).NextBytes(noise);
        Pack("whole.tgz", [.. Libraries(Release), ("filler", noise)]);
        File.WriteAllBytes(folder["cut.tgz"], File.ReadAllBytes(folder["whole.tgz"])[..^20_000]);
        AssertFails("cut.tgz", "RuntimeArchiveInvalid", "unpacked");
        AssertFails("none.tgz", "FileNotFound", "none.tgz");
        Assert.Empty(Files(Path.Combine(Store, "runtime")));
    }

    [Fact]
    public void A_library_of_a_claimed_terabyte_takes_neither_memory_nor_disk()
    {
        using (var memory = new MemoryStream())
        {
            using (var tar = new TarWriter(memory, TarEntryFormat.Ustar, leaveOpen: true))
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, Provider) { DataStream = new MemoryStream(Library()) });
            byte[] bytes = memory.ToArray();
            "77777777777\0"u8.CopyTo(bytes.AsSpan(124)); // 8 GiB less a byte, the most that octal digits hold
            "        "u8.CopyTo(bytes.AsSpan(148));
            int sum = bytes.AsSpan(0, 512).ToArray().Sum(b => b);
            System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes.AsSpan(148));
            using var gzip = new GZipStream(File.Create(folder["bomb.tgz"]), CompressionLevel.Fastest);
            gzip.Write(bytes);
        }
        AssertFails("bomb.tgz", "RuntimeArchiveInvalid", "too large");
    }

    [Fact]
    public void A_provider_that_does_not_load_gives_its_own_reason()
    {
        Pack("runtime.tgz", Libraries(Release));
        string provider = Path.Combine(Install("runtime.tgz"), Provider);
        string anyLibrary = OperatingSystem.IsWindows() ? "kernel32.dll" : "libc.so.6";

        var blind = ExecutionProvider.Probe(InferenceDevice.Cuda, provider, "no-such-driver.so");
        Assert.Equal((false, false), (blind.Works, blind.HardwareSeen));
        Assert.Contains("no NVIDIA driver was found (no-such-driver.so)", blind.Reason, StringComparison.Ordinal);

        var probe = ExecutionProvider.Probe(InferenceDevice.Cuda, provider, anyLibrary);
        Assert.Equal((false, true), (probe.Works, probe.HardwareSeen));
        Assert.Contains(Provider, probe.Reason, StringComparison.Ordinal); // the loader's words, with the file that it stumbled over
        Assert.Contains("cuDNN", probe.Advice, StringComparison.Ordinal);

        var missing = ExecutionProvider.Probe(InferenceDevice.Cuda, folder["gone.so"], anyLibrary);
        Assert.False(missing.Works);
        // and nothing is left in the way of the CPU
        Assert.True(ExecutionProvider.Probe(InferenceDevice.Cpu).Works);
        var choice = InferenceDevices.Resolve(new(), _ => probe);
        Assert.Equal((InferenceDevice.Cpu, MessageKind.Warning), (choice.Device, choice.Kind));
        Assert.Contains(probe.Reason!, choice.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, byte[])> Libraries(string inside) => [(inside + Provider, Library()), (inside + Shared, Library())];

    /// <summary>What begins like a library of this platform, and is none.</summary>
    private static byte[] Library(byte rest = 0) => OperatingSystem.IsWindows() ? [(byte)'M', (byte)'Z', rest, rest] : [127, (byte)'E', (byte)'L', (byte)'F', rest, rest];

    private static string[] Files(string path) => [.. Directory.GetFileSystemEntries(path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private string Install(string name) => CudaRuntime.Install(folder[name], Store, null, TestContext.Current.CancellationToken);

    private void AssertFails(string name, string errorId, string word)
    {
        var e = Assert.Throws<MetricDepthException>(() => Install(name));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Contains(word, e.Message, StringComparison.Ordinal);
        Assert.False(CudaRuntime.IsInstalled(Store));
    }

    private void Pack(string name, IEnumerable<(string Name, byte[] Content)> files)
    {
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = ZipFile.Open(folder[name], ZipArchiveMode.Create);
            foreach (var (file, content) in files)
            {
                using var stream = zip.CreateEntry(file).Open();
                stream.Write(content);
            }
        }
        else if (name.EndsWith(".tgz", StringComparison.Ordinal))
        {
            using var gzip = new GZipStream(File.Create(folder[name]), CompressionLevel.Fastest);
            using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, Release + Provider) { LinkName = "/etc/passwd" });
            foreach (var (file, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream(content) });
        }
        else
        {
            Directory.CreateDirectory(folder[name]);
            foreach (var (file, content) in files.Where(f => !f.Name.Contains("..", StringComparison.Ordinal)))
                File.WriteAllBytes(Path.Combine(folder[name], Path.GetFileName(file)), content);
        }
    }
}
