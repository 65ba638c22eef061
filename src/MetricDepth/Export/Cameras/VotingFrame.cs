using MetricDepth.Export.Frames;

namespace MetricDepth.Export.Cameras;

/// <summary>One frame that is asked about points.</summary>
/// <param name="pass">The pass it belongs to.</param>
/// <param name="points">How many points there are.</param>
internal sealed class VotingFrame(FrameExportPass pass, int points) : ExportFrame(pass)
{
    /// <summary>What it says of each point.</summary>
    public sbyte[] Votes { get; } = new sbyte[points];
}
