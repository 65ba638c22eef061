using System.Runtime.Intrinsics;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>
/// One picture for red-cyan glasses: the least-squares projection of E. Dubois, "A projection method to generate anaglyph
/// stereo images", ICASSP 2001, with his matrices for red-cyan filters; light adds, so they work on linear light (sRGB curve
/// of IEC 61966-2-1 taken off and put back on). The mask is white where either eye saw nothing: there the one picture is
/// incomplete.
/// </summary>
internal sealed class AnaglyphArrangement(int width, int height) : StereoArrangement(width, height)
{
    // Rows: red, green, blue of the result; columns: red, green, blue of the eye.
    private static readonly float[,] LeftMatrix =
    {
        { 0.4561f, 0.500484f, 0.176381f },
        { -0.0400822f, -0.0378246f, -0.0157589f },
        { -0.0152161f, -0.0205971f, -0.00546856f },
    };

    private static readonly float[,] RightMatrix =
    {
        { -0.0434706f, -0.0879388f, -0.00155529f },
        { 0.378476f, 0.73364f, -0.0184503f },
        { -0.0721527f, -0.112961f, 1.2264f },
    };

    private const int CurveSteps = 1 << 14;
    private static readonly Vector128<float>[] Left = Contributions(LeftMatrix);
    private static readonly Vector128<float>[] Right = Contributions(RightMatrix);
    private static readonly byte[] Curve = [.. Enumerable.Range(0, CurveSteps + 1).Select(i => ToGamma((double)i / CurveSteps))];

    public override int Width => EyeWidth;

    public override int Height => EyeHeight;

    public override StereoPacking? Packing => StereoPacking.Anaglyph;

    public override bool HasDepth => false;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        var pixels = picture.Slice(y * EyeWidth, EyeWidth);
        var holes = mask.Slice(y * EyeWidth, EyeWidth);
        var left = rows.Color(0);
        var right = rows.Color(1);
        var leftHoles = rows.Holes(0);
        var rightHoles = rows.Holes(1);
        for (int x = 0; x < pixels.Length; x++)
        {
            uint l = left[x], r = right[x];
            var light = Left[l & 255] + Left[256 + (l >> 8 & 255)] + Left[512 + (l >> 16 & 255)]
                + Right[r & 255] + Right[256 + (r >> 8 & 255)] + Right[512 + (r >> 16 & 255)];
            var step = Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(light, Vector128<float>.Zero), Vector128<float>.One)
                * CurveSteps + Vector128.Create(0.5f));
            pixels[x] = Curve[step.GetElement(0)] | (uint)Curve[step.GetElement(1)] << 8 | (uint)Curve[step.GetElement(2)] << 16;
            holes[x] = (byte)(leftHoles[x] | rightHoles[x]);
        }
    }

    // What each value of blue (0..255), green (256..511) and red (512..767) of an eye adds to blue, green and red, linear.
    private static Vector128<float>[] Contributions(float[,] matrix)
    {
        var table = new Vector128<float>[3 * 256];
        for (int channel = 0; channel < 3; channel++)
            for (int value = 0; value < 256; value++)
            {
                int column = 2 - channel;
                table[channel * 256 + value] = Vector128.Create(matrix[2, column], matrix[1, column], matrix[0, column], 0)
                    * (float)LinearLight.FromSrgb(value / 255.0);
            }
        return table;
    }

    private static byte ToGamma(double light) =>
        (byte)Math.Round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055));
}
