using System.Numerics;

namespace MetricDepth.Scenes.Shading;

/// <summary>Linear light to display codes: highlights roll off as on film, then the sRGB transfer curve (IEC 61966-2-1).</summary>
internal static class ToneMap
{
    private const float White = 4;
    private static readonly byte[] Codes = MakeCodes();

    public static uint Encode(Vector4 linear)
    {
        // Reinhard's extended curve on each channel ("Photographic Tone Reproduction", 2002, eq. 4)
        var x = Vector4.Max(linear, Vector4.Zero);
        x = x * (Vector4.One + x * (1 / (White * White))) / (Vector4.One + x) * 1.25f;
        x = Vector4.Min(x, Vector4.One) * (Codes.Length - 1) + new Vector4(0.5f);
        return (uint)Codes[(int)x.X] << 16 | (uint)Codes[(int)x.Y] << 8 | Codes[(int)x.Z];
    }

    private static byte[] MakeCodes()
    {
        var codes = new byte[8192];
        for (int i = 0; i < codes.Length; i++)
        {
            double v = i / (codes.Length - 1.0);
            codes[i] = (byte)Math.Round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * Math.Pow(v, 1 / 2.4) - 0.055));
        }
        return codes;
    }
}
