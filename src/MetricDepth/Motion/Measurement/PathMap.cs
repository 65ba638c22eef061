using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Motion.Measurement;

/// <summary>
/// A camera path from above: what has been travelled bright, the rest grey, keyframes as dots, the camera as the wedge that it sees, and a scale bar. Down
/// is the mean of where the cameras' lower edges point; frame 0 looks to the top.
/// </summary>
internal sealed class PathMap
{
    private const uint Paper = 0x181818, Rest = 0x606060, Travelled = 0xF0F0F0, Key = 0xFFA020, Doubtful = 0xE03030, Wedge = 0x40C0FF, Ink = 0xF0F0F0;
    private const int TextScale = 2;

    private readonly CameraPath _path;
    private readonly (float X, float Y)[] _places;
    private readonly Vector3 _right, _ahead;
    private readonly double _pixelsPerUnit, _halfFov;
    private readonly int _left, _width, _height;

    /// <summary>A map in the columns from <paramref name="left"/> on of pictures of some height.</summary>
    public PathMap(CameraPath path, double horizontalFov, int left, int width, int height)
    {
        (_path, _left, _width, _height, _halfFov) = (path, left, width, height, horizontalFov * Math.PI / 360);
        var down = new Vector3(0, 0, 0);
        foreach (var pose in path.Poses) down += pose.Rotation * new Vector3(0, 1, 0);
        down = down.Length > 1e-6 ? down.Normalized : new(0, 1, 0);
        var ahead = new Vector3(0, 0, 1) - down * down.Z;
        // a first frame that looks straight down has its upper edge ahead
        if (ahead.Length < 0.1) ahead = new Vector3(0, -1, 0) + down * down.Y;
        _ahead = ahead.Normalized;
        _right = Vector3.Cross(down, _ahead);

        var flat = path.Poses.Select(p => (X: Vector3.Dot(p.Translation, _right), Y: -Vector3.Dot(p.Translation, _ahead))).ToArray();
        double minX = flat.Min(p => p.X), maxX = flat.Max(p => p.X), minY = flat.Min(p => p.Y), maxY = flat.Max(p => p.Y);
        // a camera that does not move is in the middle
        double extent = Math.Max(Math.Max((maxX - minX) / width, (maxY - minY) / height), 1e-3 / width);
        _pixelsPerUnit = 0.7 / extent;
        double middleX = (minX + maxX) / 2, middleY = (minY + maxY) / 2;
        _places = [.. flat.Select(p => (
            (float)(left + width / 2.0 + (p.X - middleX) * _pixelsPerUnit),
            (float)(height / 2.0 + (p.Y - middleY) * _pixelsPerUnit)))];
    }

    /// <summary>Draws the map with the camera at a frame.</summary>
    public void Draw(Plane<uint> picture, int frame)
    {
        var canvas = new Canvas(picture);
        canvas.Fill(_left, 0, _width, _height, Paper);
        float thick = Math.Max(0.8f, _height / 500f);
        // the whole path is thousands of short lines in a long clip: those under half a pixel are joined
        Trace(canvas, 0, _places.Length - 1, thick * 0.7f, Rest);
        Trace(canvas, 0, frame, thick, Travelled);
        for (int i = 0; i <= frame && i < _path.Frames.Count; i++)
            if (_path.Frames[i].State != PoseState.Solved) canvas.Disc(_places[i].X, _places[i].Y, thick * 1.5f, Doubtful);
            else if (_path.Frames[i].IsKeyframe) canvas.Disc(_places[i].X, _places[i].Y, thick * 1.8f, Key);
        DrawWedge(canvas, frame, thick);
        DrawScale(picture, canvas, thick);
    }

    private void Trace(Canvas canvas, int from, int to, float radius, uint colour)
    {
        var last = _places[from];
        for (int i = from + 1; i <= to; i++)
        {
            var next = _places[i];
            if (i < to && MathF.Abs(next.X - last.X) + MathF.Abs(next.Y - last.Y) < 0.5f) continue;
            canvas.Line(last.X, last.Y, next.X, next.Y, radius, colour);
            last = next;
        }
    }

    private void DrawWedge(Canvas canvas, int frame, float thick)
    {
        var (x, y) = _places[frame];
        var rotation = _path.Poses[frame].Rotation;
        float reach = 0.1f * Math.Min(_width, _height);
        Span<float> ends = stackalloc float[4];
        for (int side = 0; side < 2; side++)
        {
            var ray = rotation * new Vector3((side == 0 ? -1 : 1) * Math.Tan(_halfFov), 0, 1);
            double u = Vector3.Dot(ray, _right), v = -Vector3.Dot(ray, _ahead), length = Math.Sqrt(1 + Math.Pow(Math.Tan(_halfFov), 2));
            (ends[2 * side], ends[2 * side + 1]) = (x + (float)(reach * u / length), y + (float)(reach * v / length));
            canvas.Line(x, y, ends[2 * side], ends[2 * side + 1], thick, Wedge);
        }
        canvas.Line(ends[0], ends[1], ends[2], ends[3], thick * 0.6f, Wedge, 0.6f);
        canvas.Disc(x, y, thick * 2.2f, Wedge);
    }

    /// <summary>A round length of about a third of the width; with its unit where that is metres.</summary>
    private void DrawScale(Plane<uint> picture, Canvas canvas, float thick)
    {
        if (_path.Scale == CameraPathScale.None) return;
        double third = _width / 3.0 / _pixelsPerUnit, power = Math.Pow(10, Math.Floor(Math.Log10(third)));
        double length = third >= 5 * power ? 5 * power : third >= 2 * power ? 2 * power : power;
        int text = Math.Max(TextScale, _height / 240), margin = 6 * text;
        float y = _height - margin, x0 = _left + margin, x1 = x0 + (float)(length * _pixelsPerUnit);
        canvas.Line(x0, y, x1, y, thick, Ink);
        canvas.Line(x0, y - 2 * text, x0, y + 2 * text, thick, Ink);
        canvas.Line(x1, y - 2 * text, x1, y + 2 * text, thick, Ink);
        string label = length.ToString("0.######", CultureInfo.InvariantCulture) + (_path.Scale == CameraPathScale.Metric ? " m" : "");
        SmallText.Draw(picture, label, (int)x0, (int)y - 4 * text - SmallText.Height(text), text, Ink);
    }
}
