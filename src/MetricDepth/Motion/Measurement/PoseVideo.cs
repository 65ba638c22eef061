using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion.Measurement;

/// <summary>
/// A video that shows how well a camera path agrees with what is seen: points with their trails and residuals, coloured by size, beside the path from
/// above. A frame of orange marks a keyframe, one of red a pose that is not solved from the frame itself.
/// </summary>
internal static class PoseVideo
{
    /// <summary>A residual of so much of the width is red: 3 px at 640.</summary>
    private const float Large = 3f / 640;

    /// <summary>Further off, a point moves by itself, or is another: 6 px at 640.</summary>
    private const float Outlying = 6f / 640;

    /// <summary>Residuals are drawn so much longer than they are.</summary>
    private const float Exaggeration = 10;

    private const double MapShare = 0.6;
    private const uint Outlier = 0xFF30FF, Unknown = 0xA0A0A0, Key = 0xFFA020, Bridged = 0xE03030, Ink = 0xF0F0F0, Paper = 0x181818;

    /// <summary>Draws; H.264.</summary>
    public static void Write(TrackedClip problem, CameraPath path, string destination, bool overwrite, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var clip = problem.Sources.Color!;
        int mapWidth = (int)(MapShare * Math.Min(clip.Width, clip.Height)) + clip.Width;
        mapWidth = mapWidth + (mapWidth & 1) - clip.Width;
        using var colorReader = FrameReader.Open(clip, new() { MaxFrames = path.Poses.Count }, cancellation);
        using var writer = FrameWriter.Open(destination, new()
        {
            Width = clip.Width + mapWidth,
            Height = clip.Height,
            FrameRate = clip.FrameRate,
            Codec = VideoCodec.H264,
            Overwrite = overwrite,
        }, cancellation);
        using var frames = problem.Read(cancellation).GetEnumerator();
        var history = new TrailHistory(clip.FrameRate.Value);
        var residuals = new PathResiduals(problem.Camera, path);
        var map = new PathMap(path, problem.Camera.HorizontalFov, clip.Width, mapWidth, clip.Height);
        long done = 0;
        new FramePipeline<Job>
        {
            CreateJob = () => new(clip.Width, clip.Height, mapWidth),
            Readers =
            [
                job =>
                {
                    if (!frames.MoveNext() || frames.Current.Index >= path.Poses.Count) return false;
                    var frame = frames.Current;
                    job.Frame = frame;
                    job.Residuals = residuals.Next(frame);
                    job.Trails = history.Next(new(frame.Index, false, frame.Ids, frame.Points));
                    return true;
                },
                job => colorReader.Read(job.Picture.Bytes),
            ],
            CreateWorker = () => job => Draw(job, path, map),
            Write = job =>
            {
                writer.Write(job.Sheet.Bytes);
                progress?.Report(new("Drawing the camera path", ++done, path.Poses.Count));
            },
        }.Run(cancellation);
        writer.Complete();
    }

    private static void Draw(Job job, CameraPath path, PathMap map)
    {
        var picture = job.Picture;
        var frame = job.Frame!;
        var quality = (int)frame.Index < path.Frames.Count ? path.Frames[(int)frame.Index] : default;
        float thick = Math.Max(0.8f, picture.Height / 600f);
        job.Trails!.DrawWays(picture, _ => Unknown, 0.5f);
        job.Trails.DrawPoints(picture, i => ColourOf(job.Residuals[i], picture.Width));
        var canvas = new Canvas(picture);
        for (int i = 0; i < job.Residuals.Length; i++)
        {
            var r = job.Residuals[i];
            if (float.IsNaN(r.X)) continue;
            var p = frame.Points[i];
            uint colour = ColourOf(r, picture.Width);
            if (r.Length() > Outlying * picture.Width)
            {
                canvas.Circle(p.X, p.Y, thick * 5, thick * 0.7f, colour);
                continue;
            }
            canvas.Line(p.X, p.Y, p.X + Exaggeration * r.X, p.Y + Exaggeration * r.Y, thick * 0.7f, colour);
        }
        if (quality.State != PoseState.Solved) Frame(canvas, picture, 4 * thick, Bridged);
        else if (quality.IsKeyframe) Frame(canvas, picture, 3 * thick, Key);
        int scale = Math.Max(2, picture.Height / 240);
        string number = frame.Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        canvas.Fill(3 * scale, 3 * scale, SmallText.Width(number, scale) + 4 * scale, SmallText.Height(scale) + 4 * scale, Paper, 0.7f);
        SmallText.Draw(picture, number, 5 * scale, 5 * scale, scale, Ink);

        for (int y = 0; y < picture.Height; y++) picture.Row(y).CopyTo(job.Sheet.Row(y));
        map.Draw(job.Sheet, (int)frame.Index);
    }

    private static uint ColourOf(Vector2 residual, int width)
    {
        float size = residual.Length() / width;
        return float.IsNaN(size) ? Unknown : size > Outlying ? Outlier : Colormap.Turbo(0.5 + 0.45 * Math.Min(1, size / Large));
    }

    private static void Frame(Canvas canvas, Plane<uint> picture, float width, uint colour)
    {
        int w = (int)MathF.Ceiling(width);
        canvas.Fill(0, 0, picture.Width, w, colour);
        canvas.Fill(0, picture.Height - w, picture.Width, w, colour);
        canvas.Fill(0, w, w, picture.Height - 2 * w, colour);
        canvas.Fill(picture.Width - w, w, w, picture.Height - 2 * w, colour);
    }

    private sealed class Job(int width, int height, int mapWidth)
    {
        public Plane<uint> Picture { get; } = new(width, height);

        public Plane<uint> Sheet { get; } = new(width + mapWidth, height);

        public SightedFrame? Frame { get; set; }

        public Trails? Trails { get; set; }

        public Vector2[] Residuals { get; set; } = [];
    }
}
