namespace MetricDepth.Imaging;

/// <summary>Plain point and neighbourhood operations on pictures.</summary>
internal static class ImageFilters
{
    /// <summary>Brightness of BGR0 pixels: ITU-R BT.601 weights in 8-bit fixed point.</summary>
    public static void Luma(Plane<uint> color, Plane<byte> luma)
    {
        var from = color.Data;
        var to = luma.Data;
        for (int i = 0; i < to.Length; i++)
        {
            uint c = from[i];
            to[i] = (byte)((29 * (c & 255) + 150 * ((c >> 8) & 255) + 77 * ((c >> 16) & 255) + 128) >> 8);
        }
    }
}
