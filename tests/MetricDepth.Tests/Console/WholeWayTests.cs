using System.Security.Cryptography;
using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Inference.Models;
using MetricDepth.Scenes.Checkpoints;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Inference.Checkpoints;
using MetricDepth.Tests.Inference.Models;

namespace MetricDepth.Tests.CommandLine;

/// <summary>From a server's checkpoint to the depth of a real clip, as one types it; and what must not become depth.</summary>
[Collection(nameof(EnvironmentTests))]
public sealed class WholeWayTests : IDisposable
{
    private static readonly byte[] Checkpoint = File.ReadAllBytes(ModelFixture.Path("vda_tiny.pth"));
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Checkpoint));

    private readonly string? _home = Environment.GetEnvironmentVariable(ModelStore.FolderVariable);
    private readonly TempFolder _folder = new();
    private readonly ModelServer _server = new(Checkpoint);

    public WholeWayTests()
    {
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, _folder["home"]);
        Directory.CreateDirectory(_folder["home"]);
        File.WriteAllText(_folder["home/catalog.json"], $$"""
            {"version": 1, "models": [
              {"name": "Tiny", "task": "VideoDepth", "family": "VideoDepthAnything", "output": "Depth", "metric": true, "source": "{{_server.At("tiny.pth")}}",
               "fileName": "tiny.pth", "bytes": {{Checkpoint.Length}}, "sha256": "{{Hash}}", "heads": 3},
              {"name": "Unpinned", "task": "VideoDepth", "family": "VideoDepthAnything", "output": "Depth", "metric": true, "source": "{{_server.At("unpinned.pth")}}",
               "fileName": "unpinned.pth", "heads": 3}]}
            """);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, _home);
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_whose_download_was_stopped_and_taken_up_again_converts_a_clip()
    {
        string clip = DataFile.Require("clips/bear.mp4");
        _server.Next.Enqueue(new Misbehaviour.Stall(900_000));
        using (var stop = new CancellationTokenSource())
        {
            var first = Task.Run(() => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path, Cancellation = stop.Token }, "Install-DepthModel", "Tiny"));
            Assert.True(SpinWait.SpinUntil(() => Length(_folder["home/downloads/Tiny.partial"]) == 900_000, TimeSpan.FromSeconds(20)));
            await stop.CancelAsync();
            Assert.Equal(130, (await first).ExitCode);
        }
        Assert.Equal(ModelState.Partial, Assert.IsType<DepthModel>(Assert.Single(Run("Get-DepthModel", "Tiny").Output)).State);
        Assert.StartsWith("ModelNotInstalled", Assert.Single(Run("ConvertTo-MetricDepth", clip, "d.mkv", "-Model", "Tiny").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.Empty(Run("Install-DepthModel", "Tiny").Errors);
        Assert.Equal([null, "bytes=900000-"], _server.Requests.Select(r => r.Range));
        Assert.Equal(Checkpoint.Length, _server.Requests.Sum(r => r.Sent));

        // 33 frames are the beginning of a second window
        var result = Run("ConvertTo-MetricDepth", clip, "d.mkv", "-InputSize", "70", "-MaxFrames", "33", "-MaxResolution", "160", "-Device", "Cpu", "-Verbose");
        Assert.Empty(result.Errors);
        var depth = Assert.IsType<DepthVideo>(Assert.Single(result.Output));
        Assert.Equal((33L, 160, 90, DepthScale.Metric), (depth.FrameCount, depth.Width, depth.Height, depth.Scale));
        Assert.Contains("Tiny", depth.Estimator, StringComparison.Ordinal);
        using var reader = DepthVideoReader.Open(DepthVideoReader.Probe(depth.Path, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var map = new Plane<float>(depth.Width, depth.Height);
        int frames = 0;
        for (; reader.Read(map); frames++)
        {
            // random weights see no bear, but they answer in metres, and not with the same everywhere
            var values = map.Data;
            Assert.All(values, d => Assert.InRange(d, 0, depth.MaxDepth));
            Assert.True(values.Max() - values.Min() > 0.05, $"frame {frames}: {values.Min()} to {values.Max()}");
        }
        Assert.Equal(33, frames);
    }

    [Fact]
    public void A_corrupt_byte_never_becomes_depth()
    {
        _server.Content = [.. Checkpoint];
        _server.Content[1_000_000] ^= 0x40;
        Assert.StartsWith("ModelHashMismatch", Assert.Single(Run("Install-DepthModel", "Tiny").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Run("Get-DepthModel", "-Installed").Output);
        Assert.False(Directory.Exists(_folder["home/models/Tiny"]));
        Assert.False(File.Exists(_folder["home/downloads/Tiny.partial"]));
    }

    [Fact]
    public void A_checkpoint_that_is_cut_off_or_another_networks_never_becomes_depth()
    {
        _server.Content = Checkpoint[..^5000];
        Assert.StartsWith("CheckpointMalformed", Assert.Single(Run("Install-DepthModel", "Unpinned").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        _server.Content = File.ReadAllBytes(ModelFixture.Path("dav2_metric_tiny.pth"));
        Assert.StartsWith("CheckpointForeign", Assert.Single(Run("Install-DepthModel", "Unpinned").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        _server.Content = "<html>Please log in</html>"u8.ToArray();
        Assert.StartsWith("CheckpointUnknown", Assert.Single(Run("Install-DepthModel", "Unpinned").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Run("Get-DepthModel", "-Installed").Output);
        // what was refused pins nothing
        Assert.False(File.Exists(_folder["home/pins/Unpinned.sha256"]));
        _server.Content = Checkpoint;
        Assert.Empty(Run("Install-DepthModel", "Unpinned").Errors);
    }

    public static TheoryData<string> Attacks => [.. MakeAttacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_hostile_pickle_is_named_and_nothing_of_it_is_run(string attack)
    {
        string marker = _folder["marker"];
        string command = OperatingSystem.IsWindows() ? $"echo x > \"{marker}\"" : $"touch '{marker}'";
        _server.Content = File.ReadAllBytes(TorchArchive.Write(_folder["hostile.pth"], MakeAttacks[attack](command).End(), ("data/0", new byte[4])));
        var error = Assert.Single(Run("Install-DepthModel", "Unpinned").Errors);
        Assert.StartsWith("CheckpointUnsafe", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(attack, error.Exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("CheckpointUnsafe", Assert.Single(Run("Install-DepthModel", "Mine", "-Path", "hostile.pth", "-Family", "VideoDepthAnything").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        Assert.Empty(Run("Get-DepthModel", "-Installed").Output);
        Assert.Empty(Directory.EnumerateFiles(_folder["home/downloads"]));
    }

    private static Dictionary<string, Func<string, PickleWriter>> MakeAttacks { get; } = new()
    {
        ["os.system"] = command => new PickleWriter().Global("os", "system").Text(command).Raw(0x85).Code('R'),
        ["builtins.eval"] = command => new PickleWriter(4).Text("builtins").Text("eval").Raw(0x93).Text($"__import__('os').system({command})").Raw(0x85).Code('R'),
        ["subprocess.Popen"] = command => new PickleWriter().Code('(').Text(command).Code('i', "subprocess\nPopen\n"),
        ["numpy.ndarray"] = _ => new PickleWriter().Global("numpy", "ndarray").Code(')').Raw(0x81).Code('}').Code('b'),
        ["BINPERSID"] = command => new PickleWriter().Code('(').Text("module").Global("torch", "FloatStorage").Text("source.py").Text(command).Number(1).Code('t').Code('Q'),
    };

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private PipelineResult Run(params object?[] words) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, words);
}
