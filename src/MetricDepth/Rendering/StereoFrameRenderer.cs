using MetricDepth.Depth;

namespace MetricDepth.Rendering;

/// <summary>Renders stereo frames row by row; a row's work stays in the cache. One instance per worker.</summary>
internal sealed class StereoFrameRenderer
{
    private readonly StereoGeometry _geometry;
    private readonly StereoArrangement _arrangement;
    private readonly InverseDepthRows _rows;
    private readonly RowWarp _warp;
    private readonly uint[] _left, _right;
    private readonly byte[] _leftHoles, _rightHoles;

    /// <summary>Makes the scratch rows.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="geometry">The eyes; its camera has the size of the colour picture.</param>
    /// <param name="arrangement">Where the eyes go.</param>
    public StereoFrameRenderer(DepthVideo depth, StereoGeometry geometry, StereoArrangement arrangement)
    {
        (_geometry, _arrangement) = (geometry, arrangement);
        _rows = new(depth, _geometry.Camera.Width, _geometry.Camera.Height);
        _warp = new(_geometry);
        int length = RowWarp.Padded(_geometry.Camera.Width);
        (_left, _right, _leftHoles, _rightHoles) = (new uint[length], new uint[length], new byte[length], new byte[length]);
    }

    /// <summary>Renders one frame.</summary>
    /// <param name="depthCodes">The depth frame, BGR0 codes.</param>
    /// <param name="color">The colour frame, BGR0.</param>
    /// <param name="picture">Receives the stereo picture, BGR0.</param>
    /// <param name="mask">Receives 255 where nothing was seen, in the same layout.</param>
    /// <returns>Pixels that were not seen, both eyes together at full size.</returns>
    public long Render(ReadOnlySpan<uint> depthCodes, ReadOnlySpan<uint> color, Span<uint> picture, Span<byte> mask)
    {
        var (width, height) = (_geometry.Camera.Width, _geometry.Camera.Height);
        long holes = 0;
        _rows.BeginFrame();
        for (int y = 0; y < height; y++)
        {
            _rows.Read(depthCodes, y, _warp.InverseDepth);
            var row = color.Slice(y * width, width);
            _warp.Draw(_geometry.Left, row, _left, _leftHoles);
            _warp.Draw(_geometry.Right, row, _right, _rightHoles);
            holes += width - _leftHoles.AsSpan(0, width).Count((byte)0) + width - _rightHoles.AsSpan(0, width).Count((byte)0);
            _arrangement.Place(new EyeRows { Left = _left, Right = _right, LeftHoles = _leftHoles, RightHoles = _rightHoles },
                y, picture, mask);
        }
        return holes;
    }
}
