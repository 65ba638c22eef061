using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.Tests.Inference.Models;

/// <summary>Models come over a network that breaks, from servers of every kind, and only whole ones count.</summary>
public sealed class ModelInstallationTests : IDisposable
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(3_000_000);
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly TempFolder _folder = new();
    private readonly ModelServer _server = new(Content);
    private readonly List<FrameProgress> _reports = [];

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private ModelStore Store => ModelStore.Open(_folder.Path);

    private string[] Said => [.. _reports.Where(r => r.Message is not null).Select(r => r.Message!)];

    [Fact]
    public void A_model_is_fetched_checked_and_installed()
    {
        var installed = Install(Model());
        Assert.Equal(Content, File.ReadAllBytes(installed.Path));
        Assert.Equal((_folder["models/Tiny/tiny.pth"], Hash), (installed.Path, installed.Sha256));
        Assert.Equal(installed.Path, Store.Find("tiny").Path);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("/tiny.pth", null), (request.Path, request.Range));
        var bytes = _reports.Where(r => r.Activity == "Downloading Tiny").ToList();
        Assert.All(bytes, r => Assert.Equal((ProgressUnit.Bytes, 3_000_000L), (r.Unit, r.Total!.Value)));
        Assert.Equal(bytes.Select(r => r.Done).Order(), bytes.Select(r => r.Done));
        Assert.Equal(3_000_000, bytes[^1].Done);
        Assert.Empty(Directory.EnumerateFiles(_folder["downloads"]));
    }

    [Fact]
    public void A_connection_that_breaks_is_taken_up_where_it_broke()
    {
        _server.Next.Enqueue(new Misbehaviour.Drop(1_000_000));
        _server.Next.Enqueue(new Misbehaviour.Drop(500_000));
        Assert.Equal(Content, File.ReadAllBytes(Install(Model()).Path));
        Assert.Equal([null, "bytes=1000000-", "bytes=1500000-"], _server.Requests.Select(r => r.Range));
        Assert.All(_server.Requests.Skip(1), r => Assert.Equal("\"first\"", r.IfRange));
        Assert.Equal(Content.Length, _server.Requests.Sum(r => r.Sent));
        Assert.Equal(2, Said.Count(s => s.Contains("trying again", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_had_arrived_when_the_user_stopped_is_not_fetched_again_by_the_next_command()
    {
        _server.Next.Enqueue(new Misbehaviour.Stall(2_000_000));
        using var stop = new CancellationTokenSource();
        var clock = new System.Diagnostics.Stopwatch();
        var progress = new Listener(report =>
        {
            if (report.Done < 2_000_000 || clock.IsRunning) return;
            clock.Start();
            stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => ModelInstallation.Run(Options(Model()), progress, stop.Token));
        // Ctrl+C is answered within a second
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
        Assert.Null(Store.TryFind("Tiny"));
        Assert.Equal(ModelState.Partial, ModelListing.Get(StoreWith(Model()), "Tiny").State);
        Assert.Equal(2_000_000, new FileInfo(_folder["downloads/Tiny.partial"]).Length);

        Assert.Equal(Content, File.ReadAllBytes(Install(Model()).Path));
        Assert.Equal("bytes=2000000-", _server.Requests.Last().Range);
        Assert.Equal(Content.Length, _server.Requests.Sum(r => r.Sent));
    }

    [Fact]
    public void A_server_that_stops_sending_is_not_waited_for_for_ever()
    {
        _server.Next.Enqueue(new Misbehaviour.Stall(1_000_000));
        Assert.Equal(Content, File.ReadAllBytes(Install(Model(), o => o with { Patience = TimeSpan.FromSeconds(0.3) }).Path));
        Assert.Contains(Said, s => s.Contains("stopped sending", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_without_ranges_sends_everything_again()
    {
        _server.KnowsRanges = false;
        _server.Next.Enqueue(new Misbehaviour.Drop(1_000_000));
        Assert.Equal(Content, File.ReadAllBytes(Install(Model()).Path));
        Assert.Equal(1_000_000 + Content.Length, _server.Requests.Sum(r => r.Sent));
        Assert.Contains(Said, s => s.Contains("starting over", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_changed_between_two_attempts_is_not_stitched_together()
    {
        _server.Next.Enqueue(new Misbehaviour.Stall(1_000_000));
        Assert.ThrowsAny<OperationCanceledException>(() => Interrupted(Model() with { Sha256 = null, Bytes = null }, 1_000_000));
        (_server.Content, _server.ETag) = ([.. Content.Reverse()], "\"second\"");
        Assert.Equal(_server.Content, File.ReadAllBytes(Install(Model() with { Sha256 = null, Bytes = null }).Path));
    }

    [Fact]
    public void A_beginning_of_unknown_origin_is_completed_only_if_the_hash_will_tell()
    {
        Directory.CreateDirectory(_folder["downloads"]);
        File.WriteAllBytes(_folder["downloads/Tiny.partial"], Content[..1_000_000]);
        _server.ETag = null;
        Install(Model());
        Assert.Equal("bytes=1000000-", Assert.Single(_server.Requests).Range);

        File.WriteAllBytes(_folder["downloads/Tiny.partial"], new byte[1_000_000]);
        Assert.Equal("ModelHashMismatch", Fails(Model(), o => o with { Force = true }).ErrorId);
        Install(Model(), o => o with { Force = true });

        ModelRemoval.Run(Store, "Tiny", null, CancellationToken.None);
        File.WriteAllBytes(_folder["downloads/Tiny.partial"], new byte[1_000_000]);
        Assert.Equal(Content, File.ReadAllBytes(Install(Model() with { Sha256 = null }).Path));
        Assert.Null(_server.Requests.Last().Range);
    }

    [Fact]
    public void A_file_that_had_arrived_whole_is_not_fetched_again_and_a_shorter_one_is()
    {
        Directory.CreateDirectory(_folder["downloads"]);
        File.WriteAllBytes(_folder["downloads/Tiny.partial"], Content);
        Install(Model());
        Assert.Equal(0, _server.Requests.Sum(r => r.Sent));
        File.WriteAllBytes(_folder["downloads/Tiny.partial"], [.. Content, 1, 2, 3]);
        Install(Model(), o => o with { Force = true });
        Assert.Equal(Content.Length, _server.Requests.Sum(r => r.Sent));
    }

    [Fact]
    public void Another_part_than_was_asked_for_is_not_taken()
    {
        _server.Next.Enqueue(new Misbehaviour.Drop(1_000_000));
        _server.Next.Enqueue(new Misbehaviour.WrongPart());
        Assert.Equal(Content, File.ReadAllBytes(Install(Model()).Path));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    public void A_busy_server_is_asked_again(int status)
    {
        _server.Next.Enqueue(new Misbehaviour.Status(status));
        Install(Model());
        Assert.Contains(Said, s => s.Contains($"it answers {status}", StringComparison.Ordinal));
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(status);
        var e = Fails(Model(), o => o with { Force = true });
        Assert.Equal("DownloadFailed", e.ErrorId);
        Assert.Contains($"{status}", e.Message, StringComparison.Ordinal);
        // four in a row, then it is given up
        Assert.Equal(2 + 4, _server.Requests.Count);
        Assert.Equal(Hash, Store.Find("Tiny").Sha256);
    }

    [Fact]
    public void A_server_that_asks_for_a_long_pause_is_given_up_at_once()
    {
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(503, "Retry-After: 3600");
        Assert.Equal("DownloadFailed", Fails(Model()).ErrorId);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(404, "DownloadNotFound")]
    [InlineData(410, "DownloadNotFound")]
    [InlineData(401, "DownloadRefused")]
    [InlineData(403, "DownloadRefused")]
    [InlineData(418, "DownloadFailed")]
    public void A_refusal_is_named_with_a_way_out(int status, string errorId)
    {
        _server.Next.Enqueue(new Misbehaviour.Status(status));
        var e = Fails(Model());
        Assert.Equal(errorId, e.ErrorId);
        Assert.Contains("Install-DepthModel Tiny -Path FILE", e.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void Without_a_network_the_address_to_fetch_by_hand_is_told()
    {
        Uri gone;
        using (var closed = new ModelServer([])) gone = closed.At("tiny.pth");
        var e = Fails(Model() with { Source = gone });
        Assert.Equal("DownloadFailed", e.ErrorId);
        Assert.Contains($"Fetch {gone} by hand and run Install-DepthModel Tiny -Path FILE", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_cannot_prove_who_it_is_is_not_believed()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var impostor = new ModelServer(Content, certificate);
        var e = Fails(Model() with { Source = impostor.At("tiny.pth") });
        Assert.Equal("DownloadFailed", e.ErrorId);
        Assert.Contains("certificate", e.Message, StringComparison.Ordinal);
        Assert.Empty(impostor.Requests);
        Assert.Empty(Said); // and it is not asked again
    }

    [Fact]
    public void Redirects_are_followed_but_not_for_ever_and_not_to_where_nothing_is_encrypted()
    {
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(302, "Location: /elsewhere/x.pth?sign=1");
        Assert.Equal(Content, File.ReadAllBytes(Install(Model()).Path));
        Assert.Equal("/elsewhere/x.pth?sign=1", _server.Requests.Last().Path);

        _server.Always["/tiny.pth"] = new Misbehaviour.Status(307, "Location: /tiny.pth");
        Assert.Equal("DownloadRedirected", Fails(Model(), o => o with { Force = true }).ErrorId);
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(302, "Location: http://models.example.org/x.pth");
        Assert.Equal("DownloadInsecure", Fails(Model(), o => o with { Force = true }).ErrorId);
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(302, "Location: file:///etc/passwd");
        Assert.Equal("DownloadInsecure", Fails(Model(), o => o with { Force = true }).ErrorId);
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(302);
        Assert.Equal("DownloadFailed", Fails(Model(), o => o with { Force = true }).ErrorId);
        Assert.Equal("DownloadInsecure", Fails(Model() with { Source = new("http://models.example.org/x.pth") }, o => o with { Force = true }).ErrorId);
    }

    [Fact]
    public void A_mirror_stands_in_for_a_source_that_is_gone()
    {
        _server.Always["/tiny.pth"] = new Misbehaviour.Status(404);
        Assert.Equal(Content, File.ReadAllBytes(Install(Model() with { Mirrors = [_server.At("mirror/tiny.pth")] }).Path));
        Assert.Equal(["/tiny.pth", "/mirror/tiny.pth"], _server.Requests.Select(r => r.Path));
    }

    [Fact]
    public void A_file_of_another_length_is_refused_before_it_is_fetched()
    {
        var e = Fails(Model() with { Bytes = 1234 });
        Assert.Equal("DownloadSizeMismatch", e.ErrorId);
        Assert.Contains("more than 1234 bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("instead of 4000000 bytes", Fails(Model() with { Bytes = 4_000_000 }).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["downloads/Tiny.partial"]));
    }

    [Fact]
    public void A_body_without_an_announced_length_is_taken_and_an_endless_one_is_not()
    {
        _server.Next.Enqueue(new Misbehaviour.Chunked(0));
        Install(Model());
        _server.Next.Enqueue(new Misbehaviour.Chunked(1L << 40));
        Assert.Equal("DownloadSizeMismatch", Fails(Model(), o => o with { Force = true }).ErrorId);
        // no more of it was taken than the file is long, and what was on its way
        Assert.InRange(_server.Requests.Last().Sent, Content.Length, Content.Length + 16_000_000);
        Assert.False(File.Exists(_folder["downloads/Tiny.partial"]));
        _server.Next.Enqueue(new Misbehaviour.Chunked(-1));
        Assert.Equal("DownloadSizeMismatch", Fails(Model(), o => o with { Force = true }).ErrorId);
    }

    [Fact]
    public void A_corrupt_byte_is_found_and_nothing_is_installed()
    {
        _server.Content = [.. Content];
        _server.Content[1_234_567] ^= 1;
        var e = Fails(Model());
        Assert.Equal("ModelHashMismatch", e.ErrorId);
        Assert.Contains(Hash, e.Message, StringComparison.Ordinal);
        Assert.Null(Store.TryFind("Tiny"));
        Assert.False(File.Exists(_folder["downloads/Tiny.partial"]));
        _server.Content = Content;
        Install(Model());
    }

    [Fact]
    public void A_hash_that_nobody_knew_is_pinned_at_the_first_install_and_outlives_the_model()
    {
        var model = Model() with { Sha256 = null, Bytes = null };
        Install(model);
        Assert.Equal($"{Hash}  tiny.pth\n", File.ReadAllText(_folder["pins/Tiny.sha256"]));
        ModelRemoval.Run(Store, "Tiny", null, CancellationToken.None);
        Assert.Null(Store.TryFind("Tiny"));

        _server.Content = [.. Content.Reverse()];
        var e = Fails(model);
        Assert.Equal("ModelHashMismatch", e.ErrorId);
        Assert.Contains(_folder["pins/Tiny.sha256"], e.Message, StringComparison.Ordinal);
        Assert.Null(Store.TryFind("Tiny"));
        File.WriteAllText(_folder["other.pth"], "another file");
        Assert.Equal("ModelHashMismatch", Fails(model, o => o with { Path = _folder["other.pth"] }).ErrorId);
        _server.Content = Content;
        Install(model);
        File.WriteAllText(_folder["pins/Tiny.sha256"], "nonsense");
        Assert.Equal("ModelPinDamaged", Fails(model, o => o with { Force = true }).ErrorId);
    }

    [Fact]
    public async Task Two_installs_at_once_fetch_it_once()
    {
        _server.Next.Enqueue(new Misbehaviour.Stall(1_000_000));
        var options = Options(Model()) with { Patience = TimeSpan.FromSeconds(1) };
        using var started = new ManualResetEventSlim();
        var first = Task.Run(() => ModelInstallation.Run(options, new Listener(r => { if (r.Done > 0) started.Set(); }), CancellationToken.None));
        started.Wait(TestContext.Current.CancellationToken);
        var second = await Task.Run(() => ModelInstallation.Run(options, new Listener(_reports.Add), CancellationToken.None));
        Assert.Equal((await first).Path, second.Path);
        Assert.Equal(Content.Length, _server.Requests.Sum(r => r.Sent));
        Assert.Contains(Said, s => s.Contains($"process {Environment.ProcessId}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lock_whose_holder_is_gone_blocks_nobody()
    {
        Directory.CreateDirectory(_folder["locks"]);
        File.WriteAllText(_folder["locks/tiny.lock"], "");
        File.WriteAllText(_folder["locks/tiny.lock.holder"], "process 4711, since yesterday");
        Install(Model());
        Assert.Empty(Said);
    }

    [Fact]
    public void The_wait_for_another_install_can_be_stopped()
    {
        using var held = StoreLock.Acquire(_folder.Path, "Tiny", null, CancellationToken.None);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        Assert.ThrowsAny<OperationCanceledException>(() => ModelInstallation.Run(Options(Model()), null, stop.Token));
    }

    [Fact]
    public void A_licence_that_forbids_commercial_use_has_to_be_accepted()
    {
        var model = Model() with { NonCommercial = true, License = "CC-BY-NC-4.0" };
        var e = Fails(model);
        Assert.Equal("LicenseNotAccepted", e.ErrorId);
        Assert.Contains("CC-BY-NC-4.0", e.Message, StringComparison.Ordinal);
        Assert.Contains("-AcceptLicense", e.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
        Install(model, o => o with { AcceptLicense = true });
    }

    [Fact]
    public void A_model_that_is_installed_is_not_fetched_again_unless_told_to()
    {
        Install(Model());
        Install(Model());
        Assert.Single(_server.Requests);
        Install(Model(), o => o with { Force = true });
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public void A_file_at_hand_is_installed_without_any_network()
    {
        File.WriteAllBytes(_folder["here.pth"], Content);
        var installed = Install(Model(), o => o with { Path = _folder["here.pth"] });
        Assert.Equal(Content, File.ReadAllBytes(installed.Path));
        Assert.Empty(_server.Requests);
        Assert.True(File.Exists(_folder["here.pth"]));
        File.WriteAllBytes(_folder["here.pth"], Content[..^1]);
        Assert.Equal("ModelAlreadyInstalled", Fails(Model(), o => o with { Path = _folder["here.pth"] }).ErrorId);
        Assert.Equal("ModelHashMismatch", Fails(Model(), o => o with { Path = _folder["here.pth"], Force = true }).ErrorId);
        Assert.Equal(Hash, Store.Find("Tiny").Sha256);
        Assert.Equal("FileNotFound", Fails(Model(), o => o with { Path = _folder["nothing.pth"] }).ErrorId);
        Assert.Equal("ModelHasNoSource", Fails(Model() with { Source = null }).ErrorId);
    }

    [Fact]
    public void What_the_check_refuses_is_not_installed()
    {
        var refused = new MetricDepthException("CheckpointMalformed", FailureKind.InvalidData, "No.");
        Assert.Same(refused, Assert.Throws<MetricDepthException>(() => Install(Model(), o => o with { Check = (_, _, _) => throw refused })));
        Assert.Null(Store.TryFind("Tiny"));
        Assert.False(File.Exists(_folder["downloads/Tiny.partial"]));
    }

    [Fact]
    public void A_store_that_cannot_be_written_says_so()
    {
        File.WriteAllText(_folder["file"], "not a folder");
        var e = Assert.Throws<MetricDepthException>(() => ModelInstallation.Run(Options(Model()) with { Store = ModelStore.Open(_folder["file"]) }, null, CancellationToken.None));
        Assert.Equal("StoreNotWritable", e.ErrorId);
        Assert.Contains(ModelStore.FolderVariable, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_noticed_before_anything_is_fetched()
    {
        var request = new MetricDepth.Inference.Downloads.DownloadRequest
        {
            Name = "Tiny",
            Sources = [_server.At("tiny.pth")],
            Path = _folder["x"],
            ByHand = "x",
            FreeSpace = _ => 66_000_000,
        };
        var e = Assert.Throws<MetricDepthException>(() => MetricDepth.Inference.Downloads.FileDownload.Run(request, null, CancellationToken.None));
        Assert.Equal("DiskSpaceInsufficient", e.ErrorId);
        Assert.False(File.Exists(_folder["x"]));
    }

    private InstalledModel Install(ModelInfo model, Func<ModelInstallationOptions, ModelInstallationOptions>? with = null) =>
        ModelInstallation.Run((with ?? (o => o))(Options(model)), new Listener(_reports.Add), TestContext.Current.CancellationToken);

    private MetricDepthException Fails(ModelInfo model, Func<ModelInstallationOptions, ModelInstallationOptions>? with = null) =>
        Assert.Throws<MetricDepthException>(() => Install(model, with));

    private void Interrupted(ModelInfo model, long at)
    {
        using var stop = new CancellationTokenSource();
        ModelInstallation.Run(Options(model), new Listener(report => { if (report.Done >= at) stop.Cancel(); }), stop.Token);
    }

    private ModelInstallationOptions Options(ModelInfo model) => new() { Store = Store, Model = model, RetryDelay = TimeSpan.FromMilliseconds(1) };

    private ModelStore StoreWith(ModelInfo model)
    {
        File.WriteAllText(_folder["catalog.json"], $$"""
            {"version": 1, "models": [{"name": "{{model.Name}}", "task": "ImageDepth", "family": "DepthAnythingV2", "output": "Depth", "metric": true, "fileName": "tiny.pth"}]}
            """);
        return Store;
    }

    private ModelInfo Model() => new()
    {
        Name = "Tiny",
        Task = ModelTask.ImageDepth,
        Family = ModelFamily.DepthAnythingV2,
        Output = OutputMeaning.Depth,
        IsMetric = true,
        Source = _server.At("tiny.pth"),
        FileName = "tiny.pth",
        Bytes = Content.Length,
        Sha256 = Hash,
    };

    private sealed class Listener(Action<FrameProgress> hear) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            lock (this) hear(value);
        }
    }
}
