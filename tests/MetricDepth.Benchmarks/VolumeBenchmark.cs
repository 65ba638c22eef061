using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Reconstruction;
using MetricDepth.Reconstruction.Surface;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>
/// Integration and surface extraction of a folder with <c>color.mp4</c>, <c>depth-mm.mkv</c> and <c>poses.json</c>, voxels of 2 cm, truncation
/// at four voxels, depth up to 5 m: from frames that are decoded already, or (<c>--stream</c>) with decoding, one frame in memory.
/// </summary>
internal static class VolumeBenchmark
{
    private const float MaxDepth = 5;

    /// <summary>Runs.</summary>
    /// <param name="folder">The walk.</param>
    /// <param name="options"><c>--uniform</c>, <c>--rounds N</c>, <c>--voxel M</c>, <c>--piece N</c>, <c>--weight W</c>, <c>--stream</c>, <c>--threads N</c>, <c>--path CAMERA_PATH</c>, <c>--out FILE.ply</c>.</param>
    public static int Run(string folder, string[] options)
    {
        double voxel = Value("--voxel", 0.02), weight = Value("--weight", 0);
        int rounds = (int)Value("--rounds", 3), piece = (int)Value("--piece", 0);
        bool isStream = options.Contains("--stream");
        List<(ushort[] Depth, uint[] Color)> decoded = isStream ? [] : [.. Read(folder, reuse: false)];
        var poses = CameraPath.Load(Array.IndexOf(options, "--path") is var given and >= 0 ? options[given + 1] : Path.Combine(folder, "poses.json")).Poses;
        var camera = new Intrinsics(640, 480, 525, 525, 319.5, 239.5);
        var volume = new VolumeOptions
        {
            VoxelSize = voxel,
            TruncationDistance = 4 * voxel,
            HasColor = true,
            Weighting = options.Contains("--uniform") ? SightWeighting.Uniform : SightWeighting.DepthAndAngle,
            Threads = (int)Value("--threads", Environment.ProcessorCount),
            MemoryLimit = (long)(Value("--limit", 2048) * (1 << 20)),
        };
        long before = Process.GetCurrentProcess().PeakWorkingSet64;
        double[] integration = new double[rounds], extraction = new double[rounds];
        TriangleMesh mesh = new();
        int frames = 0;
        for (int round = 0; round < rounds; round++)
        {
            var scene = new SignedDistanceVolume(volume);
            var metres = new float[camera.Width * camera.Height];
            long start = Stopwatch.GetTimestamp(), allocated = 0;
            var cpu = Environment.CpuUsage.TotalTime;
            frames = 0;
            foreach (var (depth, color) in isStream ? Read(folder, reuse: true) : decoded)
            {
                if (frames == poses.Count / 2) allocated = GC.GetTotalAllocatedBytes() - scene.MemoryBytes;
                for (int i = 0; i < metres.Length; i++) metres[i] = depth[i] * 0.001f is var z && z <= MaxDepth ? z : 0;
                scene.Integrate(metres, color, camera, poses[frames++], CancellationToken.None);
            }
            allocated = (GC.GetTotalAllocatedBytes() - scene.MemoryBytes - allocated) / (frames - poses.Count / 2);
            integration[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var integrated = Environment.CpuUsage.TotalTime;
            start = Stopwatch.GetTimestamp();
            mesh = scene.ExtractSurface(new() { MinWeight = weight, MinPieceTriangles = piece }, null, CancellationToken.None);
            extraction[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  integration {integration[round]:F3} s ({(integrated - cpu).TotalSeconds:F3} s of CPU), extraction {extraction[round]:F3} s ({(Environment.CpuUsage.TotalTime - integrated).TotalSeconds:F3} s of CPU); {scene.BlockCount} blocks, {scene.MemoryBytes / 1e6:F1} MB, voxels {scene.VoxelSize:G4} m, {allocated / 1e3:F1} kB allocated a frame beside the volume, digest {Digest(mesh):X8}"));
        }
        Array.Sort(integration);
        Array.Sort(extraction);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{frames} frames: integration {integration[rounds / 2]:F3} s, extraction {extraction[rounds / 2]:F3} s (medians of {rounds}); {mesh.VertexCount} vertices, {mesh.TriangleCount} triangles; peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB, {before / 1e6:F0} MB before the first frame"));
        int file = Array.IndexOf(options, "--out");
        if (file >= 0)
        {
            using var stream = File.Create(options[file + 1]);
            PlyMesh.Write(mesh, null, stream, CancellationToken.None);
        }
        return 0;

        double Value(string name, double otherwise) =>
            Array.IndexOf(options, name) is var at && at >= 0 ? double.Parse(options[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private static uint Digest(TriangleMesh mesh)
    {
        uint sum = 0;
        foreach (uint word in MemoryMarshal.Cast<float, uint>(mesh.Positions)) sum = sum * 31 + word;
        foreach (uint word in mesh.Colors) sum = sum * 31 + word;
        foreach (int word in mesh.Triangles) sum = sum * 31 + (uint)word;
        return sum;
    }

    private static IEnumerable<(ushort[] Depth, uint[] Color)> Read(string folder, bool reuse)
    {
        using var sensor = FrameReader.Open(VideoProbe.Probe(Path.Combine(folder, "depth-mm.mkv")), new() { Layout = PixelLayout.Gray16 }, default);
        using var pictures = FrameReader.Open(VideoProbe.Probe(Path.Combine(folder, "color.mp4")), new(), default);
        ushort[] depth = [];
        uint[] color = [];
        while (true)
        {
            if (!reuse || depth.Length == 0) (depth, color) = (new ushort[sensor.Width * sensor.Height], new uint[sensor.Width * sensor.Height]);
            if (!sensor.Read(MemoryMarshal.AsBytes(depth.AsSpan())) || !pictures.Read(MemoryMarshal.AsBytes(color.AsSpan()))) yield break;
            yield return (depth, color);
        }
    }
}
