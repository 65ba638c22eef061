using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Tests.Export;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Export-DepthPointCloud as people type it, through the stand-in.</summary>
public sealed class PointCloudCommandTests : IDisposable
{
    private const string Depth = "clip.mp4_depth.mkv";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_parameter_changes_the_files()
    {
        DepthClip.Small(_folder);
        Assert.Equal(["0000001.ply", "0000004.ply"], Names("-Frame 4,1 -Ascii"));
        Assert.StartsWith("ply\nformat ascii", File.ReadAllText(_folder[Depth + "_points/0000001.ply"]), StringComparison.Ordinal);
        int all = CloudFile.ReadPly(_folder[Depth + "_points/0000001.ply"], out string header).Length;
        Assert.DoesNotContain("nx", header, StringComparison.Ordinal);
        Assert.Equal(["0000001.ply"], Names("-Frame 1 -Normals -MaxDepth 2"));
        int near = CloudFile.ReadPly(_folder[Depth + "_points/0000001.ply"], out header).Length;
        Assert.Contains("property float nx", header, StringComparison.Ordinal);
        Assert.Equal(["0000001.ply"], Names("-Frame 1 -MinDepth 2"));
        Assert.Equal(all, near + CloudFile.ReadPly(_folder[Depth + "_points/0000001.ply"], out _).Length);
        Assert.Equal(["0000000.las", "0000003.las"], Names("-Format Las -Every 3"));
        CloudFile.ReadLas(_folder[Depth + "_points/0000003.las"], out var facts);
        Assert.Equal(3 / 25.0, facts.Seconds, 1e-9);
        RawVideo.Write(_folder["mask.mkv"], 34, 18, Enumerable.Repeat(Enumerable.Range(0, 34 * 18).Select(i => i % 34 < 20 ? 0xFFFFFFu : 0).ToArray(), 5));
        // the ramp between a card and a wall behind it is steeper than 85 degrees
        string ramp = DepthClip.Write(_folder["ramp.mkv"], 24, 8, 1, (x, _, _) => x < 8 ? 1 : x == 8 ? 2.2 : x == 9 ? 3.6 : 5).Path;
        Assert.Single(Run($"Export-DepthPointCloud {ramp} -RemoveEdges -HorizontalFov 10").Output);
        Assert.Equal(22 * 8, CloudFile.ReadPly(ramp + "_points/0000000.ply", out _).Length);

        int outside = Points("-Frame 1 -MaskPath mask.mkv");
        Assert.Equal(14 * 18, outside);
        Assert.Equal(all - outside, Points("-Frame 1 -MaskPath mask.mkv -InvertMask"));
    }

    [Fact]
    public void One_cloud_of_all_frames_goes_where_it_is_told_in_the_format_of_its_name()
    {
        DepthClip.Small(_folder);
        WritePath(10);
        Assert.Equal([Depth + "_points.ply"], Names("-Merge -CameraPath path.json"));
        var fine = CloudFile.ReadPly(_folder[Depth + "_points.ply"], out _);
        // the camera moves 10 m to the right in every frame
        Assert.InRange(fine.Max(p => p.X), 40, 42);
        Assert.Equal(["room.las"], Names("-Merge -CameraPath path.json -LockFrame 4 -VoxelSize 0.5 -DestinationPath room.las"));
        var coarse = CloudFile.ReadLas(_folder["room.las"], out _);
        Assert.InRange(coarse.Length, 20, fine.Length / 4);
        Assert.InRange(coarse.Min(p => p.X), -42, -40);
        Directory.CreateDirectory(_folder["out"]);
        Assert.Equal([Depth + "_points.las"], Names("-Merge -CameraPath path.json -Format Las -DestinationPath out"));
        Assert.True(File.Exists(_folder["out/" + Depth + "_points.las"]));
    }

    [Theory]
    [InlineData("-Format Las -Ascii", "AsciiNotInFormat")]
    [InlineData("-Format Las -Normals", "NormalsNotInFormat")]
    [InlineData("-VoxelSize 0.1", "MergeMissing")]
    [InlineData("-Merge -VoxelSize 0", "ParameterArgumentValidationError")]
    [InlineData("-Format Xyz", "CannotConvertArgumentNoMessage")]
    [InlineData("-LockFrame 1", "CameraPathMissing")]
    [InlineData("-CameraPath path.json -LockFrame 9", "LockFrameOutOfRange")]
    [InlineData("-Frame -1", "ParameterArgumentValidationError")]
    [InlineData("-Frame 99", "FrameBeyondEnd")]
    [InlineData("-Frame 1 -Every 2", "FramesAmbiguous")]
    [InlineData("-MinDepth 3 -MaxDepth 2", "DepthRangeEmpty")]
    [InlineData("-InvertMask", "MaskMissing")]
    [InlineData("-Merge -DestinationPath clip.mp4 -Force", "DestinationIsInput")]
    [InlineData("-Merge -DestinationPath path.json -CameraPath path.json -Force", "DestinationIsInput")]
    [InlineData("-Merge -DestinationPath nowhere/cloud.ply", "DestinationFolderNotFound")]
    public void What_cannot_be_done_is_one_named_error_and_no_file(string line, string errorId)
    {
        DepthClip.Small(_folder);
        WritePath(0);
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        var result = Run($"Export-DepthPointCloud {Depth} {line}");
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void WhatIf_says_how_much_disk_ten_thousand_frames_take()
    {
        var depth = DepthClip.Small(_folder) with { Width = 640, Height = 480, FrameCount = 10_000 };
        // 307,200 points of 15 bytes; without colour 12; in words at most 63; every tenth frame; in LAS 36
        Assert.Contains("(10000 files, up to 46.1 GB)", WhatIf(""), StringComparison.Ordinal);
        Assert.Contains("(1000 files, up to 4.6 GB)", WhatIf("-Every 10"), StringComparison.Ordinal);
        Assert.Contains("(10000 files, up to 193.5 GB)", WhatIf("-Ascii"), StringComparison.Ordinal);
        Assert.Contains("(2 files, up to 22.1 MB)", WhatIf("-Format Las -Frame 5,6"), StringComparison.Ordinal);
        Assert.Contains("(10000 files, up to 82.9 GB)", WhatIf("-Normals"), StringComparison.Ordinal);
        // ten million cells at most
        Assert.Contains("(1 file, up to 150.0 MB)", WhatIf("-Merge"), StringComparison.Ordinal);
        depth = depth with { FrameCount = null };
        Assert.Contains("(up to 4.6 MB a frame; the video does not say how many frames it has)", WhatIf(""), StringComparison.Ordinal);
        Assert.Equal([_folder["clip.mp4"], _folder[Depth]], Directory.GetFileSystemEntries(_folder.Path).Order());

        string WhatIf(string line) => Assert.Single(Run($"Export-DepthPointCloud {line} -WhatIf".Replace("  ", " ", StringComparison.Ordinal), depth).Information);
    }

    [Fact]
    public void A_path_that_is_not_in_metres_is_warned_of_where_depth_is()
    {
        var depth = DepthClip.Small(_folder) with { Scale = DepthScale.Metric };
        WritePath(0);
        var path = CameraPath.Load(_folder["path.json"]);
        Assert.Contains(Export(path with { Scale = CameraPathScale.Relative }).Warnings, w => w.Contains("not in metres", StringComparison.Ordinal));
        Assert.Empty(Export(path with { Scale = CameraPathScale.Metric }).Warnings);

        PipelineResult Export(CameraPath given) => PipelineRunner.Run(new() { Directory = _folder.Path, Input = [depth] }, "Export-DepthPointCloud", "-First", "1", "-Force", "-CameraPath", given);
    }

    private void WritePath(double step) => File.WriteAllText(_folder["path.json"], "[" + string.Join(",", Enumerable.Range(0, 5).Select(i => $"[[1,0,0,{i * step}],[0,1,0,0],[0,0,1,0],[0,0,0,1]]")) + "]");

    private int Points(string line)
    {
        Names(line);
        return CloudFile.ReadPly(_folder[Depth + "_points/0000001.ply"], out _).Length;
    }

    private string[] Names(string line)
    {
        var result = Run($"Export-DepthPointCloud {Depth} -Force {line}");
        Assert.Empty(result.Errors);
        return [.. result.Output.Select(o => Path.GetFileName(o!.ToString()!))];
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(new() { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Trim().Split(' ')]);
}
