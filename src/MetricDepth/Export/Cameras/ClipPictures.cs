using MetricDepth.Imaging;
using MetricDepth.Motion.Triangulation;
using MetricDepth.Video;

namespace MetricDepth.Export.Cameras;

/// <summary>Goes through the clip's frames once: writes those of the path as pictures, and finds the colours of points.</summary>
/// <param name="clip">The clip.</param>
/// <param name="path">The frames wanted, and the points.</param>
internal sealed class ClipPictures(VideoClip clip, ExportedPath path)
{
    private readonly Blend[] _colors = new Blend[path.Points?.Points.Count ?? 0];

    /// <summary>The mean colour of each point, BGR0.</summary>
    public IReadOnlyList<uint> Colors => Array.ConvertAll(_colors, c => c.Mean);

    /// <summary>Runs.</summary>
    /// <param name="save">Given each picture as a PNG file, with its frame's number, in order; null where none are wanted.</param>
    /// <param name="progress">Frames done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>How many of the path's frames the clip has.</returns>
    public int Run(Action<long, MemoryStream>? save, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var poses = path.Poses;
        var (width, height) = (path.Camera.Width, path.Camera.Height);
        using var reader = FrameReader.Open(clip, new() { MaxFrames = poses[^1].Frame + 1, Width = width, Height = height }, cancellation);
        using var sightings = path.Points?.Read(cancellation).GetEnumerator();
        bool more = sightings?.MoveNext() == true;
        int next = 0, done = 0;
        new FramePipeline<Picture>
        {
            CreateJob = () => new(new(width, height), new()),
            Readers = [Read],
            CreateWorker = () => picture =>
            {
                picture.Png.SetLength(0);
                if (save is not null) Png.Write(picture.Pixels, picture.Png);
            },
            Write = picture =>
            {
                while (more && sightings!.Current.Frame < picture.Frame) more = sightings.MoveNext();
                if (more && sightings!.Current.Frame == picture.Frame) Mix(sightings.Current, picture.Pixels);
                save?.Invoke(picture.Frame, picture.Png);
                done++;
                progress?.Report(new(save is null ? "Colouring points" : "Writing pictures", done, poses.Count));
            },
        }.Run(cancellation);
        return done;

        bool Read(Picture picture)
        {
            if (next == poses.Count) return false;
            picture.Frame = poses[next++].Frame;
            while (reader.FramesRead < picture.Frame)
                if (!reader.Read(picture.Pixels.Bytes)) return false;
            return reader.Read(picture.Pixels.Bytes);
        }
    }

    private void Mix(PointSightings seen, Plane<uint> pixels)
    {
        for (int i = 0; i < seen.Points.Length; i++)
        {
            if (seen.Points[i] is not (>= 0 and var point)) continue;
            int x = (int)MathF.Round(seen.Positions[i].X), y = (int)MathF.Round(seen.Positions[i].Y);
            if (x >= 0 && y >= 0 && x < pixels.Width && y < pixels.Height) _colors[point].Add(pixels[x, y]);
        }
    }

    private sealed class Picture(Plane<uint> pixels, MemoryStream png)
    {
        public long Frame;
        public Plane<uint> Pixels => pixels;
        public MemoryStream Png => png;
    }

    private struct Blend
    {
        private long _red, _green, _blue, _count;

        public readonly uint Mean => _count == 0 ? 0x808080
            : (uint)((_red + _count / 2) / _count << 16 | (_green + _count / 2) / _count << 8 | (_blue + _count / 2) / _count);

        public void Add(uint color)
        {
            _red += color >> 16 & 255;
            _green += color >> 8 & 255;
            _blue += color & 255;
            _count++;
        }
    }
}
