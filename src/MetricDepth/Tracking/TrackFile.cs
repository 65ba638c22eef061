namespace MetricDepth.Tracking;

/// <summary>Opens tracking files.</summary>
internal static class TrackFile
{
    /// <exception cref="MetricDepthException">It is missing or cannot be opened.</exception>
    public static TrackFileScanner Open(string path, CancellationToken cancellation)
    {
        try
        {
            return new(path, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MetricDepthException("FileNotFound", FailureKind.NotFound, $"The tracking file '{path}' does not exist. Make one with Get-PointTrack.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("TracksNotReadable", FailureKind.Storage, $"The tracking file '{path}' cannot be read: {e.Message} Check that it is a file and may be read.", e);
        }
    }
}
