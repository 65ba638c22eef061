using MetricDepth.CommandLine;
using MetricDepth.Geometry;
using MetricDepth.Tests.Export.Meshes;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Meshes as people ask for them, through the stand-in.</summary>
public sealed class ExportMeshCommandTests : IDisposable
{
    private const string Depth = "clip.mp4_depth.mkv";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_format_comes_with_the_files_it_needs()
    {
        DepthClip.Small(_folder);
        Assert.Equal(["0000001.glb", "0000003.glb"], Export($"Export-DepthMesh {Depth} -Frame 1,3"));
        Assert.Equal(["0000000.obj"], Export($"Export-DepthMesh {Depth} -Format Obj -First 1"));
        Assert.Equal(["0000000.ply", "0000002.ply"], Export($"Export-DepthMesh {Depth} -Format Ply -Every 2 -MaxFrames 4"));
        Assert.Equal(["0000000.mtl", "0000000.obj", "0000000.ply", "0000000.png", "0000001.glb", "0000002.ply", "0000003.glb"],
            Directory.GetFiles(_folder[Depth + "_mesh"]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Export-DepthMesh clip.mp4_depth.mkv -First 1 -DestinationPath room.glb")]
    [InlineData("Export-DepthPointCloud clip.mp4_depth.mkv -First 1 -DestinationPath room.PLY")]
    [InlineData("Export-DepthVideo clip.mp4_depth.mkv -Format Png16 -DestinationPath depth.png")]
    public void A_file_is_not_mistaken_for_the_folder_of_many(string line)
    {
        DepthClip.Small(_folder);
        Assert.StartsWith("DestinationIsFile,", Assert.Single(Run(line).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
        // said to be a folder, it is one
        Assert.Empty(Run(line + "/").Errors);
        Assert.Single(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public void Every_parameter_changes_the_mesh()
    {
        var depth = DepthClip.Small(_folder);
        var mask = new uint[DepthClip.SmallWidth * DepthClip.SmallHeight];
        mask.AsSpan(0, mask.Length / 2).Fill(0xFFFFFF);
        RawVideo.Write(_folder["mask.mkv"], DepthClip.SmallWidth, DepthClip.SmallHeight, Enumerable.Repeat(mask, DepthClip.SmallFrames));
        RawVideo.Write(_folder["other.mkv"], DepthClip.SmallWidth, DepthClip.SmallHeight, Enumerable.Repeat(mask, DepthClip.SmallFrames));
        new CameraPath(null, [.. Enumerable.Range(0, DepthClip.SmallFrames).Select(i => new Pose(Rotation.Identity, new(0.1 * i, 0, 0)))]).Save(_folder["path.json"]);
        byte[] plain = Mesh("");
        var glb = new GlbFile(_folder["m/0000003.glb"]);
        foreach (string more in (string[])["-Decimate 4", "-RemoveEdges", "-MinDepth 2", "-MaxDepth 2", "-MaskPath mask.mkv", "-MaskPath mask.mkv -InvertMask"])
        {
            Mesh(more);
            Assert.True(new GlbFile(_folder["m/0000003.glb"]).Indices().Length < glb.Indices().Length, more);
        }
        Mesh("-Normals");
        Assert.Equal(3 * glb.VertexCount, new GlbFile(_folder["m/0000003.glb"]).Floats("NORMAL").Length);
        float x = glb.Floats("POSITION")[0];
        Mesh("-CameraPath path.json");
        Assert.Equal(x + 0.3, new GlbFile(_folder["m/0000003.glb"]).Floats("POSITION")[0], 1e-5);
        Mesh("-CameraPath path.json -LockFrame 2");
        Assert.Equal(x + 0.1, new GlbFile(_folder["m/0000003.glb"]).Floats("POSITION")[0], 1e-5);
        Mesh("-HorizontalFov 30");
        Assert.Equal(x * Math.Tan(15 * Math.PI / 180) / Math.Tan(30 * Math.PI / 180), new GlbFile(_folder["m/0000003.glb"]).Floats("POSITION")[0], 1e-4);
        Assert.NotEqual(plain, Mesh("-ColorPath other.mkv"));
        Assert.Equal(plain, Mesh(""));

        byte[] Mesh(string more)
        {
            var result = Run($"Export-DepthMesh -Frame 3 -DestinationPath m -Force {more}".TrimEnd(), depth);
            Assert.Empty(result.Errors);
            return File.ReadAllBytes(Assert.IsType<FileInfo>(Assert.Single(result.Output)).FullName);
        }
    }

    [Fact]
    public void What_if_says_how_much_disk_it_takes_and_writes_nothing()
    {
        DepthClip.Small(_folder);
        var result = Run($"Export-DepthMesh {Depth} -WhatIf");
        Assert.Empty(result.Output);
        // 612 vertices of 20 bytes, 1122 triangles of 6, a header of 2 kB, a picture of 2 kB: 23,076 at most
        Assert.Contains("5 files, up to 116 kB", Assert.Single(result.Information), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder[Depth + "_mesh"]));
    }

    [Theory]
    [InlineData("-Decimate 3", "DecimateNotPowerOfTwo")]
    [InlineData("-Decimate 0", "ParameterArgumentValidationError")]
    [InlineData("-Format Stl", "CannotConvertArgumentNoMessage")]
    [InlineData("-Frame 99", "FrameBeyondEnd")]
    [InlineData("-Frame 1 -Every 2", "FramesAmbiguous")]
    [InlineData("-LockFrame 1", "CameraPathMissing")]
    [InlineData("-InvertMask", "MaskMissing")]
    [InlineData("-MinDepth 3 -MaxDepth 2", "DepthRangeEmpty")]
    [InlineData("-ColorPath gone.mp4", "FileNotFound")]
    public void A_contradiction_is_one_named_error_and_no_folder(string parameters, string errorId)
    {
        DepthClip.Small(_folder);
        var result = Run($"Export-DepthMesh {Depth} {parameters}");
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder[Depth + "_mesh"]));
    }

    private string[] Export(string line)
    {
        var result = Run(line);
        Assert.Empty(result.Errors);
        return [.. result.Output.Select(f => Assert.IsType<FileInfo>(f).Name)];
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(
        new PipelineOptions { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Split(' ')]);
}
