using System.Management.Automation;
using System.Security.Cryptography;
using MetricDepth.CommandLine;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.PowerShell;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Inference;
using MetricDepth.Tests.Inference.Models;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Tests that change the environment, which all tests share, run alone.</summary>
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
public sealed class EnvironmentTests;

/// <summary>Get-, Install- and Uninstall-DepthModel as people type them, through the stand-in, with a server on this machine.</summary>
[Collection(nameof(EnvironmentTests))]
public sealed class DepthModelCommandTests : IDisposable
{
    private static readonly byte[] Checkpoint = File.ReadAllBytes(ModelFixture.Path("vda_tiny.pth"));

    /// <summary>The mean of red, green and blue.</summary>
    private static readonly byte[] PictureNetwork = TinyModel.New().Input("image", [1, 3, 14, 14]).Output("depth", [1, 1, 14, 14])
        .Node("ReduceMean", ["image"], "depth", ("axes", [1])).ToBytes();

    private readonly string? _home = Environment.GetEnvironmentVariable(ModelStore.FolderVariable);
    private readonly TempFolder _folder = new();
    private readonly ModelServer _server = new(Checkpoint);

    public DepthModelCommandTests()
    {
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, _folder["home"]);
        Directory.CreateDirectory(_folder["home"]);
        File.WriteAllText(_folder["home/catalog.json"], $$"""
            {"version": 1, "models": [
              {"name": "Tiny-Video", "task": "VideoDepth", "family": "VideoDepthAnything", "output": "InverseDepth", "metric": false, "license": "Apache-2.0",
               "source": "{{_server.At("vda_tiny.pth")}}", "fileName": "vda_tiny.pth", "bytes": {{Checkpoint.Length}}, "sha256": "{{Convert.ToHexStringLower(SHA256.HashData(Checkpoint))}}", "heads": 3, "description": "A small one."},
              {"name": "Tiny-Free", "task": "VideoDepth", "family": "VideoDepthAnything", "output": "Depth", "metric": true,
               "source": "{{_server.At("free.pth")}}", "fileName": "free.pth", "heads": 3},
              {"name": "Tiny-Licensed", "task": "VideoDepth", "family": "VideoDepthAnything", "output": "Depth", "metric": true, "license": "CC-BY-NC-4.0", "nonCommercial": true,
               "source": "{{_server.At("licensed.pth")}}", "fileName": "licensed.pth", "heads": 3},
              {"name": "Plain-Http", "task": "VideoDepth", "family": "VideoDepthAnything", "output": "Depth", "metric": true, "source": "http://models.invalid/x.pth", "fileName": "x.pth"}
            ]}
            """);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, _home);
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_catalog_is_listed_with_what_is_installed()
    {
        var all = Models("Get-DepthModel");
        Assert.Equal(20, all.Count);
        Assert.All(all, m => Assert.Equal((ModelState.Available, null), (m.State, m.Path)));
        Assert.Equal(["VideoDepthAnything-Metric-Small", "VideoDepthAnything-Metric-Base", "VideoDepthAnything-Metric-Large"], Models("Get-DepthModel videodepth*METRIC*").Select(m => m.Name));
        Assert.Empty(Models("Get-DepthModel -Installed"));
        Run("Install-DepthModel Tiny-Video");
        var installed = Assert.Single(Models("Get-DepthModel -Installed"));
        Assert.Equal(("Tiny-Video", true, _folder["home/models/Tiny-Video/vda_tiny.pth"]), (installed.Name, installed.IsInstalled, installed.Path));
        Assert.Equal(all.Select(m => m.Name), Models("Get-DepthModel").Select(m => m.Name));
    }

    [Fact]
    public void A_name_that_is_not_there_is_answered_with_one_that_is()
    {
        var result = Run("Get-DepthModel Tiny-Vidio");
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("ModelUnknown", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Tiny-Video", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_model_is_installed_by_its_name_and_goes_down_the_pipeline()
    {
        var result = Run("Install-DepthModel tiny-video -Verbose");
        Assert.Empty(result.Errors);
        var model = Assert.IsType<DepthModel>(Assert.Single(result.Output));
        Assert.Equal(("Tiny-Video", ModelState.Installed, (long?)Checkpoint.Length), (model.Name, model.State, model.Bytes));
        Assert.Equal(Checkpoint, File.ReadAllBytes(model.Path!));
        // bytes, not frames
        Assert.Contains(result.Progress, p => p.StatusDescription.Contains("1.8 MB", StringComparison.Ordinal));
        Assert.Contains(Run("Install-DepthModel Tiny-Video -Verbose").Verbose, v => v.Contains("installed already", StringComparison.Ordinal));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void What_would_be_fetched_is_told_before()
    {
        var result = Run("Install-DepthModel Tiny-* -AcceptLicense -WhatIf");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Empty(_server.Requests);
        Assert.Contains(result.Information, i => i.Contains($"Download {_server.At("vda_tiny.pth")} (2 MB, Apache-2.0)", StringComparison.Ordinal));
        Assert.Contains(result.Information, i => i.Contains("(size not known, CC-BY-NC-4.0, non-commercial)", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_are_installed_and_the_one_that_cannot_be_does_not_stop_them()
    {
        _server.Always["/vda_tiny.pth"] = new Misbehaviour.Status(404);
        var result = Run("Install-DepthModel Tiny-*");
        Assert.Equal(["Tiny-Free"], result.Output.Select(m => ((DepthModel)m!).Name));
        Assert.Equal(["DownloadNotFound", "LicenseNotAccepted"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(["Tiny-Licensed"], Models("Get-DepthModel Tiny-Licensed | Install-DepthModel -AcceptLicense").Select(m => m.Name));
    }

    [Fact]
    public void Unencrypted_addresses_need_to_be_asked_for()
    {
        Assert.StartsWith("DownloadInsecure", Assert.Single(Run("Install-DepthModel Plain-Http").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        // then it fails because there is no such host
        Assert.StartsWith("DownloadFailed", Assert.Single(Run("Install-DepthModel Plain-Http -AllowHttp").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_at_hand_is_installed_under_its_catalog_name_or_one_of_its_own()
    {
        File.Copy(ModelFixture.Path("vda_tiny.pth"), _folder["v.pth"]);
        File.Copy(ModelFixture.Path("dav2_metric_tiny.pth"), _folder["d.pth"]);
        Assert.Equal(ModelState.Installed, Assert.Single(Models("Install-DepthModel Tiny-Video -Path v.pth")).State);
        var own = Assert.Single(Models("Install-DepthModel MyDepth -Path d.pth -MaxDepth 20 -Heads 3"));
        Assert.Equal(("MyDepth", ModelFamily.DepthAnythingV2, true, (double?)20, OutputMeaning.Depth), (own.Name, own.Family, own.IsMetric, own.MaxDepth, own.Output));
        var video = Assert.Single(Models("Install-DepthModel MyVideo -Path v.pth -Family VideoDepthAnything -Metric -Heads 3"));
        Assert.Equal((ModelTask.VideoDepth, true, OutputMeaning.Depth), (video.Task, video.IsMetric, video.Output));
        Assert.Equal(["Tiny-Video", "MyDepth", "MyVideo"], Models("Get-DepthModel -Installed").Select(m => m.Name));
        Assert.Equal(3, ModelStore.Open().Find("mydepth").Info.Heads);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void An_ONNX_network_of_ones_own_is_installed_and_a_file_that_is_none_is_not()
    {
        File.WriteAllBytes(_folder["n.onnx"], PictureNetwork);
        var model = Assert.Single(Models("Install-DepthModel Mine -Path n.onnx -Output Disparity"));
        Assert.Equal((ModelFamily.Onnx, OutputMeaning.Disparity, false), (model.Family, model.Output, model.IsMetric));
        File.WriteAllText(_folder["no.onnx"], "nothing");
        File.WriteAllBytes(_folder["two.onnx"], TinyModel.New().Input("numbers", [7]).Output("depth", [7]).Node("Relu", ["numbers"], "depth").ToBytes());
        Assert.StartsWith("ModelOutputUnsupported", Assert.Single(Run("Install-DepthModel Other -Path two.onnx -Output Depth").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ModelInvalid", Assert.Single(Run("Install-DepthModel Other -Path no.onnx -Output Depth").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["Mine"], Models("Get-DepthModel -Installed").Select(m => m.Name));
    }

    [Theory]
    [InlineData("Install-DepthModel Mine -Path v.pt", "CheckpointUnknown")]
    [InlineData("Install-DepthModel UniDepth -Path r.onnx -AcceptLicense", "ModelForeign")]
    [InlineData("Install-DepthModel Mine -Path n.onnx", "OutputNeeded")]
    [InlineData("Install-DepthModel Mine -Path v.pth -Family Onnx", "ModelFileInvalid")]
    [InlineData("Install-DepthModel Mine -Path n.onnx -Family VideoDepthAnything", "ModelFileInvalid")]
    [InlineData("Install-DepthModel Mine -Path v.pth -Family DepthAnythingV2 -Metric", "MaxDepthNeeded")]
    [InlineData("Install-DepthModel ../Mine -Path v.pth -Family VideoDepthAnything", "ModelNameInvalid")]
    [InlineData("Install-DepthModel Mine -Path v.exe -Family VideoDepthAnything", "ModelFileInvalid")]
    [InlineData("Install-DepthModel Mine -Path missing.pth -Family VideoDepthAnything", "FileNotFound")]
    [InlineData("Install-DepthModel Mine -Path missing.pth", "FileNotFound")]
    [InlineData("Install-DepthModel Mine -Path missing.onnx", "FileNotFound")]
    [InlineData("Install-DepthModel Mine -Path home", "FileNotFound")]
    [InlineData("Install-DepthModel Tiny-Video -Path v.pth -Family Onnx", "ModelIsCataloged")]
    [InlineData("Install-DepthModel UniDepth -AcceptLicense", "ModelHasNoSource")]
    [InlineData("Install-DepthModel Mine -Path v.pth -Family DepthAnythingV2 -Heads 3", "CheckpointForeign")]
    [InlineData("Install-DepthModel Nobodys", "ModelUnknown")]
    [InlineData("Uninstall-DepthModel Tiny-Video", "ModelNotInstalled")]
    [InlineData("Uninstall-DepthModel Nobodys", "ModelUnknown")]
    [InlineData("Uninstall-DepthModel -Runtime Cuda", "RuntimeNotInstalled")]
    public void What_does_not_fit_has_a_name(string line, string errorId)
    {
        File.Copy(ModelFixture.Path("vda_tiny.pth"), _folder["v.pth"]);
        File.WriteAllText(_folder["v.exe"], "");
        File.WriteAllText(_folder["v.pt"], "no checkpoint at all, a text");
        File.WriteAllBytes(_folder["r.onnx"], PictureNetwork);
        File.WriteAllText(_folder["n.onnx"], "");
        Assert.StartsWith(errorId, Assert.Single(Run(line).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Models("Get-DepthModel -Installed"));
    }

    [Fact]
    public void A_changed_file_is_found_by_verifying()
    {
        string path = Assert.Single(Models("Install-DepthModel Tiny-Video")).Path!;
        Assert.True(Assert.Single(Models("Get-DepthModel Tiny-Video -Verify")).IsVerified);
        using (var file = File.Open(path, FileMode.Open))
        {
            file.Position = 100_000;
            int value = file.ReadByte();
            file.Position = 100_000;
            file.WriteByte((byte)(value ^ 1));
        }
        var result = Run("Get-DepthModel -Installed -Verify");
        Assert.False(Assert.IsType<DepthModel>(Assert.Single(result.Output)).IsVerified);
        Assert.StartsWith("ModelHashMismatch", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        File.AppendAllText(path, "x");
        result = Run("Get-DepthModel -Installed");
        Assert.Equal(ModelState.Damaged, Assert.IsType<DepthModel>(Assert.Single(result.Output)).State);
        Assert.Contains("-Force", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(ModelState.Installed, Assert.Single(Models("Install-DepthModel Tiny-Video -Force")).State);
    }

    [Fact]
    public void Models_are_removed_by_name_wildcard_and_pipeline()
    {
        Run("Install-DepthModel Tiny-* -AcceptLicense");
        Assert.Equal(3, Models("Get-DepthModel -Installed").Count);
        Assert.Contains(Run("Uninstall-DepthModel * -WhatIf").Information, i => i.Contains("free.pth", StringComparison.Ordinal));
        Assert.Equal(3, Models("Get-DepthModel -Installed").Count);
        Run("Uninstall-DepthModel tiny-free");
        Assert.Equal(["Tiny-Video", "Tiny-Licensed"], Models("Get-DepthModel -Installed").Select(m => m.Name));
        Assert.False(Directory.Exists(_folder["home/models/Tiny-Free"]));
        Assert.True(File.Exists(_folder["home/pins/Tiny-Free.sha256"]));
        Assert.Empty(Run("Get-DepthModel -Installed | Uninstall-DepthModel").Errors);
        Assert.Empty(Models("Get-DepthModel -Installed"));
        Assert.Empty(Run("Uninstall-DepthModel Tiny*").Errors);
    }

    [Fact]
    public void Tab_offers_names_with_size_and_licence()
    {
        var offered = new CatalogModelCompleter().CompleteArgument("Install-DepthModel", "Name", "tiny", null!, new Dictionary<string, object>()).ToList();
        Assert.Equal(["Tiny-Video", "Tiny-Free", "Tiny-Licensed"], offered.Select(o => o.CompletionText));
        Assert.Equal("2 MB, Apache-2.0. A small one.", offered[0].ToolTip);
        Assert.Contains("CC-BY-NC-4.0 (non-commercial)", offered[2].ToolTip, StringComparison.Ordinal);
        Assert.Empty(new InstalledModelCompleter().CompleteArgument("Uninstall-DepthModel", "Name", "", null!, new Dictionary<string, object>()));
        Run("Install-DepthModel Tiny-Free");
        Assert.Equal(["Tiny-Free"], new InstalledModelCompleter().CompleteArgument("Uninstall-DepthModel", "Name", "", null!, new Dictionary<string, object>()).Select(o => o.CompletionText));
    }

    [Fact]
    public void The_CUDA_runtime_is_asked_for_and_an_archive_that_is_none_is_refused()
    {
        File.WriteAllText(_folder["gpu.tgz"], "nothing");
        Assert.SkipWhen(CudaRuntime.Unsupported is not null, "there is no CUDA runtime for this platform");
        Assert.Contains(Run("Install-DepthModel -Runtime Cuda -WhatIf").Information, i => i.Contains(CudaRuntime.ArchiveName, StringComparison.Ordinal));
        Assert.StartsWith("RuntimeArchiveInvalid", Assert.Single(Run("Install-DepthModel -Runtime Cuda -Path gpu.tgz").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(CudaRuntime.IsInstalled(_folder["home"]));
    }

    [Fact]
    public void A_broken_catalog_is_named_by_every_command()
    {
        File.WriteAllText(_folder["home/catalog.json"], "{");
        foreach (string line in new[] { "Get-DepthModel", "Install-DepthModel Tiny-Video", "Uninstall-DepthModel Tiny-Video" })
            Assert.StartsWith("CatalogMalformed", Assert.Single(Run(line).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(new CatalogModelCompleter().CompleteArgument("Install-DepthModel", "Name", "", null!, new Dictionary<string, object>()));
    }

    private List<DepthModel> Models(string line)
    {
        var result = Run(line);
        Assert.Empty(result.Errors);
        return [.. result.Output.Select(o => Assert.IsType<DepthModel>(PSObject.AsPSObject(o!).BaseObject))];
    }

    private PipelineResult Run(string line) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, [.. line.Split(' ')]);
}
