using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>A short video that goes once round a mesh: 1280×720, H.264, for a look without a 3D program.</summary>
internal static class TurnAroundVideo
{
    /// <summary>Width, px.</summary>
    public const int Width = 1280;

    /// <summary>Height, px.</summary>
    public const int Height = 720;

    /// <summary>Frames a second.</summary>
    public const int FrameRate = 30;

    /// <summary>How long it goes, s; it ends where it began.</summary>
    public const int Seconds = 8;

    private const double HorizontalFov = 60;

    /// <summary>Frames of the video.</summary>
    public static int FrameCount => FrameRate * Seconds;

    /// <summary>Draws and writes it.</summary>
    /// <param name="mesh">What to go round.</param>
    /// <param name="gaze">The cameras that took it, in the mesh's axes: they say where up is.</param>
    /// <param name="destination">The file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="progress">Frames done.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    public static void Write(TriangleMesh mesh, MeanGaze gaze, string destination, bool overwrite,
        IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var surface = new PreviewSurface(mesh);
        var camera = Intrinsics.FromFieldOfView(Width, Height, HorizontalFov, null);
        var trajectory = new TurnTrajectory(surface, UprightBox.Of(surface, gaze, cancellation), camera);
        using var writer = FrameWriter.Open(destination, new()
        {
            Width = Width,
            Height = Height,
            FrameRate = new(FrameRate, 1),
            FrameCount = FrameCount,
            Codec = VideoCodec.H264,
            Overwrite = overwrite,
        }, cancellation);
        int next = 0;
        long done = 0;
        new FramePipeline<Job>
        {
            CreateJob = () => new(),
            Readers =
            [
                job =>
                {
                    job.Number = next;
                    return next++ < FrameCount;
                },
            ],
            CreateWorker = () =>
            {
                var renderer = new MeshRenderer(surface, camera, trajectory.Near);
                return job => renderer.Render(trajectory.At((double)job.Number / FrameCount), job.Picture, cancellation);
            },
            Write = job =>
            {
                writer.Write(job.Picture.Bytes);
                progress?.Report(new("Drawing the preview", ++done, FrameCount));
            },
        }.Run(cancellation);
        writer.Complete();
    }

    private sealed class Job
    {
        public int Number { get; set; }

        public Plane<uint> Picture { get; } = new(Width, Height);
    }
}
