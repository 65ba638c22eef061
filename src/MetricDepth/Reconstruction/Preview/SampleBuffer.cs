using System.Numerics;
using MetricDepth.Imaging;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>
/// The samples of a picture, several a pixel, with what is nearest in each. Front faces are always nearer than back faces: seen from
/// behind, a wall gives way to the room inside it, like a doll's house, and is drawn only where there is nothing else.
/// </summary>
/// <param name="width">Samples in a row.</param>
/// <param name="height">Rows of samples.</param>
internal sealed class SampleBuffer(int width, int height)
{
    private const float Nothing = float.NegativeInfinity;

    // a place on the grid of samples, in 16ths: whole numbers, so that neighbouring triangles leave no gap between them
    private const int SubsampleBits = 4;
    private const float Subsamples = 1 << SubsampleBits;

    // A front face is kept as 1/depth, a back face as −depth: both grow towards the viewer, and every front face is above every back face.
    private readonly float[] _nearness = new float[width * height];
    private readonly uint[] _colors = new uint[width * height];

    /// <summary>Samples in a row.</summary>
    public int Width => width;

    /// <summary>Rows of samples.</summary>
    public int Height => height;

    /// <summary>Starts a new picture.</summary>
    public void Clear() => Array.Fill(_nearness, Nothing);

    /// <summary>Fills a triangle; perspective-correct.</summary>
    public void Fill(in ScreenVertex a, in ScreenVertex b, in ScreenVertex c)
    {
        long ax = Fixed(a.X), ay = Fixed(a.Y), bx = Fixed(b.X), by = Fixed(b.Y), cx = Fixed(c.X), cy = Fixed(c.Y);
        long area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
        if (area == 0) return;
        // y points down, so what is counter-clockwise to the eye has a negative area
        bool front = area < 0;
        long sign = front ? -1 : 1;
        int left = First(Math.Min(ax, Math.Min(bx, cx))), right = Last(Math.Max(ax, Math.Max(bx, cx)), width);
        int top = First(Math.Min(ay, Math.Min(by, cy))), bottom = Last(Math.Max(ay, Math.Max(by, cy)), height);
        if (left > right || top > bottom) return;

        // edge functions at the first sample, and their steps to the right and downwards
        long x = (long)left << SubsampleBits, y = (long)top << SubsampleBits;
        long rowA = sign * ((cx - bx) * (y - by) - (cy - by) * (x - bx)), rightA = -sign * (cy - by) << SubsampleBits, downA = sign * (cx - bx) << SubsampleBits;
        long rowB = sign * ((ax - cx) * (y - cy) - (ay - cy) * (x - cx)), rightB = -sign * (ay - cy) << SubsampleBits, downB = sign * (ax - cx) << SubsampleBits;
        long rowC = sign * ((bx - ax) * (y - ay) - (by - ay) * (x - ax)), rightC = -sign * (by - ay) << SubsampleBits, downC = sign * (bx - ax) << SubsampleBits;
        float toShare = 1f / Math.Abs(area);
        var colorA = Channels(a.Color) * a.InverseDepth;
        var colorB = Channels(b.Color) * b.InverseDepth;
        var colorC = Channels(c.Color) * c.InverseDepth;
        for (int row = top; row <= bottom; row++, rowA += downA, rowB += downB, rowC += downC)
        {
            long ea = rowA, eb = rowB, ec = rowC;
            for (int column = left; column <= right; column++, ea += rightA, eb += rightB, ec += rightC)
            {
                if ((ea | eb | ec) < 0) continue;
                float wa = ea * toShare, wb = eb * toShare, wc = ec * toShare;
                float inverse = wa * a.InverseDepth + wb * b.InverseDepth + wc * c.InverseDepth;
                float nearness = front ? inverse : -1 / inverse;
                int at = row * width + column;
                if (!(nearness > _nearness[at])) continue;
                _nearness[at] = nearness;
                _colors[at] = Pack((wa * colorA + wb * colorB + wc * colorC) / inverse, front);
            }
        }
    }

    /// <summary>Makes a pixel of the mean of its samples.</summary>
    /// <param name="picture">Receives BGR0.</param>
    /// <param name="factor">Samples a pixel in each direction.</param>
    /// <param name="background">What is behind everything, BGR0.</param>
    public void Resolve(Plane<uint> picture, int factor, uint background)
    {
        uint all = (uint)(factor * factor);
        for (int y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                uint blue = all / 2, green = all / 2, red = all / 2;
                for (int j = 0; j < factor; j++)
                {
                    int at = (y * factor + j) * width + x * factor;
                    for (int i = 0; i < factor; i++, at++)
                    {
                        uint c = _nearness[at] == Nothing ? background : _colors[at];
                        (blue, green, red) = (blue + (c & 255), green + (c >> 8 & 255), red + (c >> 16 & 255));
                    }
                }
                row[x] = red / all << 16 | green / all << 8 | blue / all;
            }
        }
    }

    // far outside the picture a place need not be exact, but it must not wrap round
    private static long Fixed(float at) => (long)MathF.Round(Math.Clamp(at, -1e6f, 1e6f) * Subsamples);

    private static int First(long at) => (int)Math.Max(0, (at + (1 << SubsampleBits) - 1) >> SubsampleBits);

    private static int Last(long at, int size) => (int)Math.Min(size - 1, at >> SubsampleBits);

    private static Vector3 Channels(uint color) => new(color & 255, color >> 8 & 255, color >> 16 & 255);

    // the back of a surface has no colour that anybody saw: a dark shade of its front's
    private static uint Pack(Vector3 color, bool front)
    {
        color = Vector3.Min(front ? color : color * 0.4f, new(255)) + new Vector3(0.5f);
        return (uint)color.Z << 16 | (uint)color.Y << 8 | (uint)color.X;
    }
}
