using System.Globalization;
using MetricDepth.Export.Frames;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A folder with a file for each frame, each exactly what its encoder made.</summary>
/// <param name="facts">What will be written.</param>
/// <param name="extension">What names end with, with its dot.</param>
/// <param name="createEncoder">Makes an encoder.</param>
/// <param name="warning">Said at the end if there was depth that the format cannot hold: given how many pixels, a sentence or more; null for nothing.</param>
internal sealed class FrameFilesTarget(DepthVideoFacts facts, string extension, Func<DepthFrameEncoder> createEncoder, Func<string, string>? warning = null)
    : DepthVideoTarget
{
    private readonly FrameFolder _folder = new(facts.Destination, extension, facts.Options.Overwrite, facts.Numbers);
    private long _outOfRange;

    /// <inheritdoc/>
    public override DepthFrameEncoder CreateEncoder() => createEncoder();

    /// <inheritdoc/>
    public override void Write(long frame, DepthFrameEncoder encoded)
    {
        _outOfRange += encoded.OutOfRange;
        _folder.Save(frame, stream => stream.Write(encoded.Bytes));
    }

    /// <inheritdoc/>
    public override FileSystemInfo Complete()
    {
        if (_outOfRange > 0 && warning is not null)
            facts.Progress?.Report(FrameProgress.Warning(warning(_outOfRange.ToString("N0", CultureInfo.InvariantCulture))));
        if (_folder.CountOthers() is > 0 and var others)
            facts.Progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"'{_folder.Path}' also holds {others} {extension} {(others == 1 ? "file" : "files")} that this export did not write. What reads the folder takes all of them; remove those that are not wanted, or give another -DestinationPath.")));
        return new DirectoryInfo(_folder.Path);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _folder.Dispose();
}
