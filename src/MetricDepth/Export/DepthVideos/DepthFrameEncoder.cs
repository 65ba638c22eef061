namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// What makes the bytes of one frame, and holds them until it is the frame's turn to be written. There is one for each frame in
/// flight, and several work side by side.
/// </summary>
internal abstract class DepthFrameEncoder
{
    /// <summary>The frame as it goes to the file.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Pixels of the frame whose depth the format cannot hold.</summary>
    public long OutOfRange { get; protected set; }

    /// <summary>Encodes a frame; called on any thread.</summary>
    /// <param name="frame">The frame's number in the video, from 0.</param>
    /// <param name="depth">Depth, m, 0 = none; H×W, row-major.</param>
    /// <param name="color">Colour, BGR0, of the same size; empty for formats that do not ask for it.</param>
    public abstract void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color);
}
