using MetricDepth.Depth;

namespace MetricDepth.Rendering;

/// <summary>Renders stereo frames row by row; a row's work stays in the cache. One instance per worker.</summary>
internal sealed class StereoFrameRenderer
{
    private readonly StereoGeometry geometry;
    private readonly StereoArrangement arrangement;
    private readonly InverseDepthRows rows;
    private readonly RowWarp warp;
    private readonly uint[] left, right;
    private readonly byte[] leftHoles, rightHoles;

    /// <summary>Makes the scratch rows.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="geometry">The eyes; its camera has the size of the colour picture.</param>
    /// <param name="arrangement">Where the eyes go.</param>
    public StereoFrameRenderer(DepthVideo depth, StereoGeometry geometry, StereoArrangement arrangement)
    {
        (this.geometry, this.arrangement) = (geometry, arrangement);
        rows = new(depth, geometry.Camera.Width, geometry.Camera.Height);
        warp = new(geometry);
        int length = RowWarp.Padded(geometry.Camera.Width);
        (left, right, leftHoles, rightHoles) = (new uint[length], new uint[length], new byte[length], new byte[length]);
    }

    /// <summary>Renders one frame.</summary>
    /// <param name="depthCodes">The depth frame, BGR0 codes.</param>
    /// <param name="color">The colour frame, BGR0.</param>
    /// <param name="picture">Receives the stereo picture, BGR0.</param>
    /// <param name="mask">Receives 255 where nothing was seen, in the same layout.</param>
    /// <returns>Pixels that were not seen, both eyes together at full size.</returns>
    public long Render(ReadOnlySpan<uint> depthCodes, ReadOnlySpan<uint> color, Span<uint> picture, Span<byte> mask)
    {
        var (width, height) = (geometry.Camera.Width, geometry.Camera.Height);
        long holes = 0;
        rows.BeginFrame();
        for (int y = 0; y < height; y++)
        {
            rows.Read(depthCodes, y, warp.InverseDepth);
            var row = color.Slice(y * width, width);
            warp.Draw(geometry.Left, row, left, leftHoles);
            warp.Draw(geometry.Right, row, right, rightHoles);
            holes += width - leftHoles.AsSpan(0, width).Count((byte)0) + width - rightHoles.AsSpan(0, width).Count((byte)0);
            arrangement.Place(new EyeRows { Left = left, Right = right, LeftHoles = leftHoles, RightHoles = rightHoles },
                y, picture, mask);
        }
        return holes;
    }
}
