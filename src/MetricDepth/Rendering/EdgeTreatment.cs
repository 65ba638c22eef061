using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// What is done where foreground meets background. Two decisions: what the picture shows where nothing was seen, and
/// what counts as an edge.
/// <list type="table">
/// <item><term><see cref="HoleFill.Stretch"/></term><description>the surface stays whole; holes are only what no surface reaches</description></item>
/// <item><term>otherwise</term><description>the surface is torn at depth edges; colours that mix both sides are told apart</description></item>
/// <item><term><paramref name="RemoveEdges"/></term><description>an edge is what is steeper than 85°, as the toolbox has it, and
/// counts as not seen: with <see cref="HoleFill.Stretch"/> the mask has holes where the picture is stretched</description></item>
/// </list>
/// </summary>
/// <param name="Fill">What the picture shows where nothing was seen.</param>
/// <param name="RemoveEdges">Leave out surface steeper than <see cref="StereoGeometry.SteepestDegrees"/> to the view ray.</param>
internal readonly record struct EdgeTreatment(HoleFill Fill, bool RemoveEdges)
{
    /// <summary>Only what moves along rows is torn: all that eyes on a horizontal baseline need.</summary>
    public bool AlongRows { get; init; }

    /// <summary>Whether the picture is stretched while the mask shows what would be a hole if it were not.</summary>
    public bool HidesHoles => RemoveEdges && Fill == HoleFill.Stretch;

    /// <summary>Tears the surface of a source frame that has just been loaded.</summary>
    /// <param name="source">The frame.</param>
    /// <param name="camera">Its camera.</param>
    /// <param name="matting">Scratch for a picture of this size.</param>
    public void Apply(SourceImage source, Intrinsics camera, EdgeMatting matting)
    {
        if (Fill == HoleFill.Stretch && !RemoveEdges)
        {
            SurfaceTears.MarkNone(source);
            return;
        }
        if (RemoveEdges) SurfaceTears.MarkSteep(source, camera);
        else
        {
            DepthEdges.MarkRight(source, camera);
            if (AlongRows) Array.Clear(source.TornDown);
            else DepthEdges.MarkDown(source, camera);
        }
        // What is compared with the toolbox, or stretched, keeps its pixels as they are.
        if (RemoveEdges && Fill != HoleFill.Background) return;
        matting.SeparateRight(source);
        if (!AlongRows) matting.SeparateDown(source);
    }
}
