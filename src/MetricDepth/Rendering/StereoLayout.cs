namespace MetricDepth.Rendering;

/// <summary>How the two eyes lie in one picture.</summary>
public enum StereoLayout
{
    /// <summary>Left | right, each at full width.</summary>
    SideBySide,
    /// <summary>Left | right, each squeezed to half width.</summary>
    HalfSideBySide,
    /// <summary>Left above right, each at full height.</summary>
    TopBottom,
    /// <summary>Left above right, each squeezed to half height.</summary>
    HalfTopBottom,
    /// <summary>One picture for red-cyan glasses (Dubois' least-squares matrices).</summary>
    Anaglyph,
    /// <summary>Right | left, each at full width: for looking with crossed eyes.</summary>
    CrossEyed,
    /// <summary>Right | left, each squeezed to half width.</summary>
    HalfCrossEyed,
    /// <summary>Rows by turns, the left eye first: for polarised screens.</summary>
    Interlaced,
    /// <summary>Columns by turns, the left eye first: for parallax barriers.</summary>
    ColumnInterlaced,
    /// <summary>Pixels by turns in both directions, the left eye first: for DLP projectors.</summary>
    Checkerboard,
    /// <summary>The left eye alone.</summary>
    LeftEye,
    /// <summary>The right eye alone.</summary>
    RightEye,
    /// <summary>Left | right, each a 180° equirectangular square: for headsets.</summary>
    Vr180,
    /// <summary>Left | right | depth of the left eye, each a 180° equirectangular square: for the Touchly player.</summary>
    Touchly0,
    /// <summary>The source picture above its depth: for the Touchly player.</summary>
    Touchly1,
}
