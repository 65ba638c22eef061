using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>
/// Lays the rows of the eyes out in one picture, and their holes likewise in a mask. One class a
/// <see cref="StereoLayout"/>; <see cref="For"/> is the table of them. Without state: one serves all workers.
/// </summary>
/// <param name="width">Width of one eye as rendered, px.</param>
/// <param name="height">Height of one eye as rendered, px.</param>
internal abstract class StereoArrangement(int width, int height)
{
    /// <summary>Width of one eye as rendered, px.</summary>
    public int EyeWidth { get; } = width;

    /// <summary>Height of one eye as rendered, px.</summary>
    public int EyeHeight { get; } = height;

    /// <summary>The eyes it needs, in the order in which <see cref="EyeRows"/> has them.</summary>
    public virtual IReadOnlyList<Eye> Eyes { get; } = [Eye.Left, Eye.Right];

    /// <summary>What an eye's picture is.</summary>
    public virtual EyeProjection Projection => EyeProjection.Perspective;

    /// <summary>Width of the picture, px.</summary>
    public abstract int Width { get; }

    /// <summary>Height of the picture, px.</summary>
    public abstract int Height { get; }

    /// <summary>How a player is told to take the picture apart; null where it is one picture, or no container has a word for it.</summary>
    public virtual StereoPacking? Packing => null;

    /// <summary>What a player is told of the picture's projection.</summary>
    public virtual SpatialProjection Spatial => SpatialProjection.Flat;

    /// <summary>Whether every pixel of the picture belongs to one eye, so that depth can lie in the same layout.</summary>
    public virtual bool HasDepth => true;

    /// <summary>Puts one row in its place. Rows come from top to bottom.</summary>
    /// <param name="rows">The row as every eye sees it.</param>
    /// <param name="y">The row, 0..height of one eye - 1.</param>
    /// <param name="picture">The picture, BGR0.</param>
    /// <param name="mask">The mask, 255 where nothing was seen.</param>
    public abstract void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask);

    /// <summary>Puts one row of inverse depth where <see cref="Place"/> puts its colours.</summary>
    /// <param name="rows">The row as every eye sees it.</param>
    /// <param name="y">The row, 0..height of one eye - 1.</param>
    /// <param name="inverseDepth">Inverse depth in the picture's layout, 1/m; 0 where there is none.</param>
    /// <exception cref="NotSupportedException"><see cref="HasDepth"/> is false.</exception>
    public virtual void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth) => throw new NotSupportedException();

    /// <summary>The arrangement of a layout, for eyes of the given size.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="width">Width of one eye as rendered, px.</param>
    /// <param name="height">Height of one eye as rendered, px.</param>
    /// <param name="touchly">How Touchly's layouts show depth; null for its defaults.</param>
    public static StereoArrangement For(StereoLayout layout, int width, int height, TouchlyDepth? touchly = null) => layout switch
    {
        StereoLayout.SideBySide => new SideBySideArrangement(width, height),
        StereoLayout.HalfSideBySide => new HalfSideBySideArrangement(width, height),
        StereoLayout.TopBottom => new TopBottomArrangement(width, height),
        StereoLayout.HalfTopBottom => new HalfTopBottomArrangement(width, height),
        StereoLayout.Anaglyph => new AnaglyphArrangement(width, height),
        StereoLayout.CrossEyed => new CrossEyedArrangement(width, height),
        StereoLayout.HalfCrossEyed => new HalfCrossEyedArrangement(width, height),
        StereoLayout.Interlaced => new InterlacedArrangement(width, height),
        StereoLayout.ColumnInterlaced => new ColumnInterlacedArrangement(width, height),
        StereoLayout.Checkerboard => new CheckerboardArrangement(width, height),
        StereoLayout.LeftEye => new SingleEyeArrangement(width, height, Eye.Left),
        StereoLayout.RightEye => new SingleEyeArrangement(width, height, Eye.Right),
        StereoLayout.Vr180 => new Vr180Arrangement(width, height),
        StereoLayout.Touchly0 => new Touchly0Arrangement(width, height, touchly ?? new()),
        StereoLayout.Touchly1 => new Touchly1Arrangement(width, height, touchly ?? new()),
        _ => throw new MetricDepthException("StereoLayoutUnknown", FailureKind.InvalidArgument,
            $"There is no stereo layout '{layout}'. Use one of {string.Join(", ", Enum.GetNames<StereoLayout>())}."),
    };
}
