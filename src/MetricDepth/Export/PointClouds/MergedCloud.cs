using System.Globalization;
using MetricDepth.Export.Frames;

namespace MetricDepth.Export.PointClouds;

/// <summary>All frames of a depth video as one cloud: one point for each cell in which something was seen.</summary>
internal static class MergedCloud
{
    private const int PointsAtOnce = 1 << 16;

    /// <summary>Merges and writes.</summary>
    /// <param name="pass">The frames.</param>
    /// <param name="plan">How the file looks.</param>
    /// <param name="destination">The file.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left.</param>
    public static FileInfo Write(FrameExportPass pass, PointCloudPlan plan, string destination, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        using var file = PartialFile.Create(destination, pass.Options.Overwrite);
        var cells = new VoxelGrid(plan.VoxelSize, plan.Fields);
        // in the order of frames, so that the result does not depend on how many workers there are
        long frames = pass.Run(() => new MergedFrame(pass, plan.Fields),
            () =>
            {
                var projector = new PointProjector(pass.Camera, plan.Fields);
                return frame => frame.Project(projector, cancellation);
            },
            frame => cells.Add(frame.Points, Widened), "Merging point clouds", progress, cancellation);
        if (cells.Count == 0)
            progress?.Report(FrameProgress.Warning($"Nothing of '{pass.Options.Depth.Path}' has depth that is not left out, so the cloud is empty. Check -MinDepth, -MaxDepth, -MinConfidence and -MaskPath."));
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture, $"{frames} frames became {cells.Count} points, one for each cell of {cells}.")));
        file.Complete(stream => Save(cells, plan.Encoder(
            [pass.CameraDescription, string.Create(CultureInfo.InvariantCulture, $"{frames} frames merged in cells of {cells}")], 0), plan, stream, cancellation));
        return new(file.FinalPath);

        void Widened(VoxelGrid grid) => progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
            $"The cloud has more than {VoxelGrid.MostCells} cells, so they become {grid} wide. Give a larger -VoxelSize, or leave out what is far away with -MaxDepth.")));
    }

    private static void Save(VoxelGrid cells, PointEncoder encoder, PointCloudPlan plan, Stream stream, CancellationToken cancellation)
    {
        var points = new PointBuffer(PointsAtOnce, plan.Fields);
        encoder.Begin(0);
        stream.Write(encoder.Header(cells.Count));
        for (int first = 0; first < cells.Count; first += PointsAtOnce)
        {
            cells.Read(first, points);
            encoder.Append(points);
            encoder.Bytes.CopyTo(stream, cancellation);
            encoder.Bytes.Clear();
        }
        // now it knows the bounds
        stream.Position = 0;
        stream.Write(encoder.Header(cells.Count));
    }
}
