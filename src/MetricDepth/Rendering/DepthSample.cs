using MetricDepth.Depth;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>The depth of a frame at a grid of places, for decisions about the frame as a whole.</summary>
internal sealed class DepthSample
{
    private const int MostColumns = 64, MostRows = 36;

    private readonly int[] _pixels;
    private readonly double _depthStep;
    private readonly int _width, _height;

    /// <summary>Lays the grid.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    public DepthSample(DepthVideo depth)
    {
        (_width, _height, _depthStep) = (depth.Width, depth.Height, DepthCodec.Step(depth.MaxDepth));
        Columns = Math.Min(MostColumns, depth.Width);
        Rows = Math.Min(MostRows, depth.Height);
        _pixels = new int[Columns * Rows];
        InverseDepth = new double[_pixels.Length];
        for (int i = 0; i < _pixels.Length; i++) _pixels[i] = Centre(i / Columns, Rows, _height) * _width + Centre(i % Columns, Columns, _width);
    }

    /// <summary>Places side by side.</summary>
    public int Columns { get; }

    /// <summary>Places above each other.</summary>
    public int Rows { get; }

    /// <summary>1/m as the viewer sees it, 0 where there is none; Rows×Columns, row-major.</summary>
    public double[] InverseDepth { get; }

    /// <summary>Reads a frame.</summary>
    /// <param name="codes">BGR0 codes.</param>
    /// <param name="geometry">The viewer.</param>
    public void Read(ReadOnlySpan<uint> codes, StereoGeometry geometry)
    {
        bool moved = geometry.SourceToView != Pose.Identity;
        var camera = geometry.Camera.Resized(_width, _height);
        for (int i = 0; i < _pixels.Length; i++)
        {
            uint pixel = codes[_pixels[i]];
            double depth = ((pixel >> 8 & 0xFF00) | (pixel & 0xFF)) * _depthStep;
            if (moved && depth > 0)
            {
                int x = _pixels[i] % _width, y = _pixels[i] / _width;
                depth = (geometry.SourceToView * new Vector3((x - camera.Cx) / camera.Fx * depth, (y - camera.Cy) / camera.Fy * depth, depth)).Z;
            }
            InverseDepth[i] = depth > 0 ? 1 / depth : 0;
        }
    }

    private static int Centre(int cell, int cells, int size) => (2 * cell + 1) * size / (2 * cells);
}
