namespace MetricDepth.Rendering;

/// <summary>
/// The fast path of DESIGN §7: the viewer is where the source camera was, so every row stays in its own row.
/// </summary>
/// <param name="width">Width of the colour picture, px.</param>
internal sealed class RowEyeRenderer(int width) : EyeRenderer
{
    private readonly RowWarp _warp = new(width);

    /// <summary>The source row that the view's first row shows: the view may be a band of the picture.</summary>
    public int FirstRow { get; set; }

    /// <summary>Draws the surface whole, as if it were torn nowhere.</summary>
    public bool IgnoresTears { get; set; }

    public override void Render(SourceImage source, StereoGeometry geometry, Eye eye, ViewImage view)
    {
        var shift = geometry.Shift(eye);
        if (shift is { Scale: 0, Offset: 0 })
        {
            CopySource(source, view);
            return;
        }
        for (int y = 0; y < view.Height; y++)
        {
            int from = (FirstRow + y) * source.Width, to = y * view.Stride;
            source.InverseDepth.AsSpan(from, source.Width).CopyTo(_warp.InverseDepth);
            if (IgnoresTears) _warp.TornRight.Clear();
            else source.TornRight.AsSpan(from, source.Width).CopyTo(_warp.TornRight);
            _warp.Draw(shift, source.Color.AsSpan(from, source.Width),
                view.Color.AsSpan(to, view.Stride), view.InverseDepth.AsSpan(to, view.Stride), view.Holes.AsSpan(to, view.Stride));
        }
    }

    public override void SmoothEdges(SourceImage source, StereoGeometry geometry, Eye eye, ViewImage view)
    {
        var shift = geometry.Shift(eye);
        if (shift.Scale == 0) return;
        for (int y = 0; y < view.Height; y++)
        {
            int from = (FirstRow + y) * source.Width, width = source.Width;
            RowEdges.Smooth(shift, source.Color.AsSpan(from, width), source.InverseDepth.AsSpan(from, width), source.TornRight.AsSpan(from, width),
                view.Color.AsSpan(view.Row(y)), view.InverseDepth.AsSpan(view.Row(y)));
        }
    }

    // An eye where the source camera was sees its very picture, also where that has no depth.
    private void CopySource(SourceImage source, ViewImage view)
    {
        for (int y = 0; y < view.Height; y++)
        {
            int from = (FirstRow + y) * source.Width;
            source.Color.AsSpan(from, source.Width).CopyTo(view.Color.AsSpan(view.Row(y)));
            source.InverseDepth.AsSpan(from, source.Width).CopyTo(view.InverseDepth.AsSpan(view.Row(y)));
            view.Holes.AsSpan(view.Row(y)).Clear();
        }
    }
}
