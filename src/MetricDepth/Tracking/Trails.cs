using MetricDepth.Imaging;

namespace MetricDepth.Tracking;

/// <summary>The last frames of a stream of tracks, and how old its points are.</summary>
/// <param name="framesPerSecond">Of the clip.</param>
internal sealed class TrailHistory(double framesPerSecond)
{
    private const double TrailSeconds = 0.5, OldSeconds = 3;
    private const int MinTrail = 4, MaxTrail = 30;

    private readonly int _length = (int)Math.Clamp(TrailSeconds * framesPerSecond, MinTrail, MaxTrail);
    private readonly List<TrackedFrame> _recent = [];
    private int[] _births = [];

    /// <summary>Takes the next frame; gives what is to be drawn over it.</summary>
    public Trails Next(TrackedFrame frame)
    {
        var births = new int[frame.Ids.Length];
        for (int i = 0; i < births.Length; i++)
        {
            births[i] = (int)frame.Index;
            // a point that was out of sight for a while has its age from the last frame that saw it
            for (int back = _recent.Count - 1; back >= 0; back--)
                if (_recent[back].IndexOf(frame.Ids[i]) is >= 0 and var at)
                {
                    births[i] = back == _recent.Count - 1 ? _births[at] : (int)_recent[back].Index;
                    break;
                }
        }
        if (_recent.Count == _length) _recent.RemoveAt(0);
        _recent.Add(frame);
        _births = births;
        return new([.. _recent], births, OldSeconds * framesPerSecond);
    }
}

/// <summary>The trails of one frame.</summary>
/// <param name="frames">The frame, last, and some before it.</param>
/// <param name="births">In which frame each of its points began.</param>
/// <param name="old">Age in frames at which a trail is red.</param>
internal sealed class Trails(TrackedFrame[] frames, int[] births, double old)
{
    // dense grids would be one carpet of paint
    private const int ManyPoints = 4000;
    private const uint Rim = 0x101010;

    /// <summary>Draws into a picture of the clip's size.</summary>
    public void Draw(Plane<uint> picture)
    {
        Func<int, uint> byAge = i => Colormap.Turbo(0.15 + 0.75 * Math.Min(1, (frames[^1].Index - births[i]) / old));
        DrawWays(picture, byAge, 1);
        DrawPoints(picture, byAge);
    }

    /// <summary>Draws the ways that the points came.</summary>
    /// <param name="picture">Drawn into.</param>
    /// <param name="colourOf">The colour of each point.</param>
    /// <param name="opacity">0..1; the beginning of a way is drawn fainter.</param>
    public void DrawWays(Plane<uint> picture, Func<int, uint> colourOf, float opacity)
    {
        var canvas = new Canvas(picture);
        var current = frames[^1];
        float radius = Thickness(picture) * 0.8f;
        for (int i = 0; i < current.Ids.Length; i++)
        {
            uint colour = colourOf(i);
            var at = current.Points[i];
            for (int back = frames.Length - 2; back >= 0; back--)
            {
                int found = frames[back].IndexOf(current.Ids[i]);
                if (found < 0) continue;
                var before = frames[back].Points[found];
                canvas.Line(at.X, at.Y, before.X, before.Y, radius, colour, opacity * (0.3f + 0.7f * back / frames.Length));
                at = before;
            }
        }
    }

    /// <summary>Draws the points.</summary>
    public void DrawPoints(Plane<uint> picture, Func<int, uint> colourOf)
    {
        var canvas = new Canvas(picture);
        float thick = Thickness(picture);
        var points = frames[^1].Points;
        for (int i = 0; i < points.Length; i++)
        {
            // a dark rim, so that a point is seen on any ground
            canvas.Disc(points[i].X, points[i].Y, thick * 2.6f, Rim, 0.6f);
            canvas.Disc(points[i].X, points[i].Y, thick * 1.8f, colourOf(i));
        }
    }

    private float Thickness(Plane<uint> picture) => Math.Max(0.8f, picture.Height / 700f) * (frames[^1].Ids.Length > ManyPoints ? 0.6f : 1);
}
