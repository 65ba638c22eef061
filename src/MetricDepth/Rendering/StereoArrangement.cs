namespace MetricDepth.Rendering;

/// <summary>
/// Lays the rows of the two eyes out in one picture, and their holes likewise in a mask. One class a
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

    /// <summary>Width of the picture, px.</summary>
    public abstract int Width { get; }

    /// <summary>Height of the picture, px.</summary>
    public abstract int Height { get; }

    /// <summary>Matroska's StereoMode, as ffmpeg names it.</summary>
    public abstract string StereoMode { get; }

    /// <summary>Puts one row in its place. Rows come from top to bottom.</summary>
    /// <param name="rows">The row as every eye sees it.</param>
    /// <param name="y">The row, 0..height of one eye - 1.</param>
    /// <param name="picture">The picture, BGR0.</param>
    /// <param name="mask">The mask, 255 where nothing was seen.</param>
    public abstract void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask);

    /// <summary>The arrangement of a layout, for eyes of the given size.</summary>
    public static StereoArrangement For(StereoLayout layout, int width, int height) => layout switch
    {
        StereoLayout.SideBySide => new SideBySideArrangement(width, height),
        StereoLayout.HalfSideBySide => new HalfSideBySideArrangement(width, height),
        StereoLayout.TopBottom => new TopBottomArrangement(width, height),
        StereoLayout.HalfTopBottom => new HalfTopBottomArrangement(width, height),
        StereoLayout.Anaglyph => new AnaglyphArrangement(width, height),
        _ => throw new MetricDepthException("StereoLayoutUnknown", FailureKind.InvalidArgument,
            $"There is no stereo layout '{layout}'. Use one of {string.Join(", ", Enum.GetNames<StereoLayout>())}."),
    };
}
