using MetricDepth.Reconstruction;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Reconstruction;

/// <summary>Tests that ask how much memory the process holds run alone: other tests would be counted, too.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests;

/// <summary>What a reconstruction holds while it runs.</summary>
[Collection(nameof(MemoryTests))]
public sealed class SceneMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void A_long_look_at_the_same_place_takes_no_more_memory_than_a_short_one()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 160, 120, 240, (x, y, f) => 2 + 0.001 * ((x + y + f) % 5));
        var few = Look(60);
        var many = Look(240);
        output.WriteLine($"{few.Scene.VolumeBytes} and {many.Scene.VolumeBytes} bytes of voxels, {few.Held >> 10} and {many.Held >> 10} KB held");
        Assert.Equal(few.Scene.VolumeBytes, many.Scene.VolumeBytes);
        // 180 more frames of depth and codes are 27 MB
        Assert.InRange(many.Held - few.Held, long.MinValue, 6L << 20);

        (DepthScene Scene, long Held) Look(int frames)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var watch = new MemoryWatch();
            var scene = SceneReconstruction.Run(new()
            {
                Depth = depth,
                StationaryCamera = true,
                VoxelSize = 0.05,
                MaxFrames = frames,
                DestinationPath = folder[$"{frames}.ply"],
            }, watch, TestContext.Current.CancellationToken);
            return (scene, watch.Most - before);
        }
    }

    private sealed class MemoryWatch : IProgress<FrameProgress>
    {
        public long Most { get; private set; }

        public void Report(FrameProgress value)
        {
            if (value is { Activity: "Integrating frames", Done: > 0 } && value.Done % 15 == 0) Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true));
        }
    }
}
