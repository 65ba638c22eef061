using MetricDepth.Imaging;

namespace MetricDepth.Rendering;

/// <summary>The buffers of one view in flight.</summary>
/// <param name="depth">The depth frame, BGR0 codes; shared where one picture is looked at from many places.</param>
/// <param name="color">The colour frame, BGR0; shared likewise.</param>
/// <param name="width">Width of the view, px.</param>
/// <param name="height">Height of the view, px.</param>
internal sealed class ViewJob(uint[] depth, uint[] color, int width, int height)
{
    /// <summary>The frame of the clip, from 0.</summary>
    public long SourceFrame { get; set; }

    /// <summary>The frame of the virtual camera, from 0.</summary>
    public long ViewFrame { get; set; }

    /// <summary>The depth frame, BGR0 codes.</summary>
    public uint[] Depth { get; } = depth;

    /// <summary>The colour frame, BGR0.</summary>
    public uint[] Color { get; } = color;

    /// <summary>The view, BGR0.</summary>
    public Plane<uint> Picture { get; } = new(width, height);

    /// <summary>The depth of the view, m, 0 where nothing was seen; null where it is not asked for.</summary>
    public Plane<float>? ViewDepth { get; init; }

    /// <summary>The picture as a PNG file; filled only for still images.</summary>
    public MemoryStream Png { get; } = new();

    /// <summary>Pixels that were not seen.</summary>
    public long Holes { get; set; }
}
