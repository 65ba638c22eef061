using System.Collections;
using MetricDepth.Geometry;

namespace MetricDepth.PowerShell;

/// <summary>
/// A camera path as people hand it over: the object, which knows what its unit rests on, or the name of a file, which cannot
/// say so and is taken as metres.
/// </summary>
public sealed class CameraPathArgument
{
    /// <summary>Takes a camera path, or anything that names a file.</summary>
    /// <param name="value">A <see cref="CameraPath"/>, a file, or the name of one.</param>
    /// <exception cref="ArgumentException">It is neither, or the path is not on disk.</exception>
    public CameraPathArgument(object value)
    {
        if (value is IEnumerable and not string)
            throw new ArgumentException("A clip has one camera path. Give one file, or one object of Measure-CameraPose.", nameof(value));
        Path = value?.ToString() ?? "";
        if (string.IsNullOrWhiteSpace(Path))
            throw new ArgumentException(value is CameraPath
                ? "The camera path is not on disk. Save it first, or give the file's name."
                : "The name of the camera path is empty. Give a file, or an object of Measure-CameraPose.", nameof(value));
        if (value is not CameraPath path) return;
        if (path.Scale is { } scale) Scale = scale;
        UnsolvedFrames = path.Frames.Where(f => f.State != PoseState.Solved).Select(f => f.Frame).ToHashSet();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the unit rests on; of a file, metres.</summary>
    public CameraPathScale Scale { get; } = CameraPathScale.Metric;

    /// <summary>Frames whose pose is not solved from what they see, counted from 0; of a file, none are known.</summary>
    public IReadOnlySet<long> UnsolvedFrames { get; } = new HashSet<long>();

    /// <inheritdoc/>
    public override string ToString() => Path;
}
