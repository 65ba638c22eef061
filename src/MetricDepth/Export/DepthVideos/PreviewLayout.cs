using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>Where things are in a preview: the depth (right of its colours, if those are wanted), and below them the scale.</summary>
internal sealed class PreviewLayout
{
    private const double ColorPosition = 1.0 / (Colormap.Steps - 1);
    private readonly uint[] _legend;
    private readonly uint[] _table;
    private readonly float _origin, _factor;
    private readonly bool _isInverse, _sideBySide;
    private readonly int _width, _height;

    /// <summary>Draws the scale.</summary>
    /// <param name="width">Width of the depth, px.</param>
    /// <param name="height">Height of the depth, px.</param>
    /// <param name="range">The ends of the scale.</param>
    /// <param name="map">Which colours; the far end is the map's beginning.</param>
    /// <param name="sideBySide">Whether the colours are shown, too.</param>
    public PreviewLayout(int width, int height, DepthScaleRange range, ColormapName map, bool sideBySide)
    {
        (_width, _height, _sideBySide) = (width, height, sideBySide);
        Width = sideBySide ? 2 * width : width;
        _table = Colormap.Table(map).ToArray();
        Array.Reverse(_table); // near is bright
        var legend = PreviewLegend.Draw(Width, Math.Max(width, height), range, _table);
        _legend = legend.Data;
        Height = height + legend.Height;
        _isInverse = range.Spacing == DepthSpacing.Inverse;
        // steps of the table = origin + factor * (depth or 1/depth); half a step more, because converting rounds down
        double near = _isInverse ? 1 / range.Near : range.Near, far = _isInverse ? 1 / range.Far : range.Far;
        double factor = 1 / (ColorPosition * (far - near));
        (_factor, _origin) = ((float)factor, (float)(0.5 - factor * near));
    }

    /// <summary>Width of the whole picture, px.</summary>
    public int Width { get; }

    /// <summary>Height of the whole picture, px.</summary>
    public int Height { get; }

    /// <summary>Draws what stays the same in all frames.</summary>
    /// <param name="picture">BGR0.</param>
    public void DrawLegend(Span<uint> picture) => _legend.CopyTo(picture[(Width * _height)..]);

    /// <summary>Draws a frame.</summary>
    /// <param name="depth">Depth, m, 0 = none.</param>
    /// <param name="color">Colour, BGR0; not used unless it is shown.</param>
    /// <param name="picture">BGR0.</param>
    public void DrawFrame(ReadOnlySpan<float> depth, ReadOnlySpan<uint> color, Span<uint> picture)
    {
        for (int y = 0; y < _height; y++)
        {
            var row = picture.Slice(y * Width, Width);
            if (_sideBySide)
            {
                color.Slice(y * _width, _width).CopyTo(row);
                row = row[_width..];
            }
            var from = depth.Slice(y * _width, _width);
            for (int x = 0; x < row.Length; x++)
            {
                float d = from[x];
                row[x] = d > 0 ? _table[(int)Math.Clamp(_origin + _factor * (_isInverse ? 1 / d : d), 0, Colormap.Steps - 1)] : PreviewLegend.NoDepth;
            }
        }
    }
}
