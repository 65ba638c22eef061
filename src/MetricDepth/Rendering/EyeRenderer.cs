namespace MetricDepth.Rendering;

/// <summary>Draws what an eye sees of a source frame, nothing filled in yet. One instance per worker.</summary>
internal abstract class EyeRenderer
{
    /// <summary>Draws one eye.</summary>
    /// <param name="source">The frame.</param>
    /// <param name="geometry">The viewer.</param>
    /// <param name="eye">Which eye.</param>
    /// <param name="view">Receives colour, inverse depth and holes.</param>
    public abstract void Render(SourceImage source, StereoGeometry geometry, Eye eye, ViewImage view);
}
