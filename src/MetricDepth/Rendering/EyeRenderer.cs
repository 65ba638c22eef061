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

    /// <summary>
    /// Gives pixels on the rim of the foreground their share of what is behind, once that is filled; a renderer whose rims are
    /// smooth already has nothing to do.
    /// </summary>
    /// <param name="source">The frame.</param>
    /// <param name="geometry">The viewer.</param>
    /// <param name="eye">Which eye.</param>
    /// <param name="view">What <see cref="Render"/> drew, with its holes filled.</param>
    public virtual void SmoothEdges(SourceImage source, StereoGeometry geometry, Eye eye, ViewImage view)
    {
    }
}
